//! The innermost layer: the list of devices, read by local element name because KEM2's nesting is not published.
use roxmltree::{Document, Node};

use super::envelope::xml_options;
use super::{
    ContentFault, Device, Format, KemError, KeyFile, MAX_KEY_NAME_BYTES, MAX_KEYS, MAX_TEXT_BYTES, RowFault,
    RowProblem, cut,
};
use crate::meter::key::MeterKey;

/// Reads decrypted XML of either layout.
pub(super) fn read(content: &str) -> Result<KeyFile, KemError> {
    let xml = Document::parse_with_options(content, xml_options()).map_err(|error| match error {
        roxmltree::Error::NodesLimitReached => KemError::TooLarge,
        _ => KemError::BrokenContent(ContentFault::NotXml),
    })?;
    let root = xml.root_element();
    let (format, row_name) = match root.tag_name().name() {
        "MetersInOrder" => (Format::Kem, "Meter"),
        "Devices" => (Format::Kem2, "Device"),
        other => return Err(KemError::BrokenContent(ContentFault::UnknownRoot(cut(other)))),
    };
    let of_file = root.attribute("orderid").and_then(order_number);
    let (mut devices, mut problems) = (Vec::new(), Vec::new());
    for (row, node) in rows(root, row_name).enumerate() {
        match device(row + 1, node, of_file.as_deref()) {
            Ok(device) => devices.push(device),
            Err(fault) => problems.push(RowProblem {
                row: row + 1,
                serial: text(node, &SERIAL).map(cut),
                fault,
            }),
        }
    }
    let order = of_file.or_else(|| common_order(&devices));
    Ok(KeyFile {
        format,
        order,
        devices,
        problems,
    })
}

/// All elements of this name, without those inside another one: they are read with it.
fn rows<'a>(root: Node<'a, 'a>, name: &str) -> impl Iterator<Item = Node<'a, 'a>> {
    let mut end = 0;
    root.descendants().filter(move |node| {
        let outermost = node.tag_name().name() == name && node.range().start >= end;
        if outermost {
            end = node.range().end;
        }
        outermost
    })
}

/// The number in `orderid`, which may be followed by two spaces and the number of a part delivery.
fn order_number(attribute: &str) -> Option<String> {
    let number = attribute.trim().split("  ").next().unwrap_or_default();
    (!number.is_empty()).then(|| cut(number))
}

/// The order of all devices, if they share one.
fn common_order(devices: &[Device]) -> Option<String> {
    let first = devices.first()?.order.as_ref()?;
    devices
        .iter()
        .all(|device| device.order.as_ref() == Some(first))
        .then(|| first.clone())
}

/// The names that a field has in KEM and in KEM2.
type Names = [&'static str; 2];

const SERIAL: Names = ["SerialNo", "SerialNumber"];
const OWN_NUMBER: Names = ["MeterNo", "CustomerDeviceNumber"];
const NAME: Names = ["MeterName", "ShortName"];
const CONSUMPTION: Names = ["ConsumptionType", "ConsumptionTypeName"];
const CONFIG_NUMBER: Names = ["ConfigNo", "ConfigNumber"];
const TYPE_NUMBER: Names = ["TypeNo", "TypeNumber"];
const MANUFACTURER: Names = ["VendorId", "ManufacturerId"];
const ORDER: Names = ["OrderNo", "OrderNumber"];

fn device(row: usize, node: Node, order_of_file: Option<&str>) -> Result<Device, RowFault> {
    let serial = text(node, &SERIAL)
        .ok_or(RowFault::NoSerial)?
        .parse()
        .map_err(|_| RowFault::Serial)?;
    Ok(Device {
        row,
        serial,
        manufacturer: text(node, &MANUFACTURER).and_then(|letters| letters.parse().ok()),
        order: field(node, &ORDER)?.or_else(|| order_of_file.map(str::to_owned)),
        name: field(node, &NAME)?,
        type_number: field(node, &TYPE_NUMBER)?,
        config_number: field(node, &CONFIG_NUMBER)?,
        own_number: field(node, &OWN_NUMBER)?,
        consumption: field(node, &CONSUMPTION)?,
        keys: keys(node)?,
    })
}

/// The text of the first element of these names below `node`; none if it is missing or empty.
fn text<'a>(node: Node<'a, '_>, names: &Names) -> Option<&'a str> {
    let element = node
        .descendants()
        .find(|child| names.contains(&child.tag_name().name()))?;
    trimmed(element)
}

fn trimmed<'a>(element: Node<'a, '_>) -> Option<&'a str> {
    element.text().map(str::trim).filter(|text| !text.is_empty())
}

/// The same, refused if it is too long to keep.
fn field(node: Node, names: &Names) -> Result<Option<String>, RowFault> {
    match text(node, names) {
        Some(text) if text.len() > MAX_TEXT_BYTES => Err(RowFault::TooLong(names[0])),
        text => Ok(text.map(str::to_owned)),
    }
}

/// All keys that are not empty: children of `EncKeys` named by their element, and elements with a `Value` named by
/// their child `Name` or `Type`, by an attribute of that name, or else `DEK`.
fn keys(device: Node) -> Result<Vec<(String, MeterKey)>, RowFault> {
    let listed = device
        .descendants()
        .filter(|node| node.tag_name().name() == "EncKeys")
        .flat_map(|list| list.children().filter(Node::is_element));
    let listed = listed.filter_map(|key| Some((key.tag_name().name(), trimmed(key)?)));
    let valued = device
        .descendants()
        .filter_map(|key| Some((key, trimmed(child(key, "Value")?)?)));
    let valued = valued.map(|(key, value)| (name_of(key).unwrap_or("DEK"), value));

    let mut keys: Vec<(String, MeterKey)> = Vec::new();
    for (name, value) in listed.chain(valued) {
        if !is_key_name(name) {
            return Err(RowFault::KeyName);
        }
        let key = MeterKey::from_hex(value).map_err(|_| RowFault::Key(name.to_owned()))?;
        match keys.iter().find(|(known, _)| known == name) {
            Some((_, same)) if *same == key => {}
            Some(_) => return Err(RowFault::TwoKeys(name.to_owned())),
            None if keys.len() == MAX_KEYS => return Err(RowFault::TooManyKeys),
            None => keys.push((name.to_owned(), key)),
        }
    }
    if keys.is_empty() {
        Err(RowFault::NoKey)
    } else {
        Ok(keys)
    }
}

/// Letters and digits, a letter first, no more than fit a table: `DEK`, `GPK60`.
fn is_key_name(name: &str) -> bool {
    name.len() <= MAX_KEY_NAME_BYTES
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn name_of<'a>(key: Node<'a, '_>) -> Option<&'a str> {
    ["Name", "Type"]
        .into_iter()
        .find_map(|name| child(key, name).and_then(trimmed).or_else(|| key.attribute(name)))
}

fn child<'a, 'd>(node: Node<'a, 'd>, name: &str) -> Option<Node<'a, 'd>> {
    node.children().find(|child| child.tag_name().name() == name)
}
