//! What devices are, what they measure and how their keys stand, in words and as addresses of pages say it.
use crate::{i18n::*, locale::Words, ui::Tone};
use shared::device::{DeviceKind, DeviceProof, Medium};

/// What a list of devices can be narrowed to, beside its models: concentrators, or meters of one medium.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Concentrators.
    Concentrator,
    /// What measures this.
    Of(Medium),
}

/// All sorts with their words in addresses, in the order in which they are offered.
pub const SORTS: [(&str, Sort); 10] = [
    ("cold-water", Sort::Of(Medium::ColdWater)),
    ("warm-water", Sort::Of(Medium::WarmWater)),
    ("water", Sort::Of(Medium::Water)),
    ("heat", Sort::Of(Medium::Heat)),
    ("cooling", Sort::Of(Medium::Cooling)),
    ("heat-and-cooling", Sort::Of(Medium::HeatAndCooling)),
    ("electricity", Sort::Of(Medium::Electricity)),
    ("gas", Sort::Of(Medium::Gas)),
    ("other", Sort::Of(Medium::Other)),
    ("concentrator", Sort::Concentrator),
];

/// All that telegrams can have said, with the words in addresses.
pub const PROOFS: [(&str, DeviceProof); 3] = [
    ("proven", DeviceProof::Proven),
    ("unproven", DeviceProof::Unproven),
    ("doubtful", DeviceProof::Doubtful),
];

/// The value of a word in an address.
pub fn of_word<T: Copy>(words: &[(&str, T)], word: &str) -> Option<T> {
    words.iter().find(|(known, _)| *known == word).map(|(_, value)| *value)
}

/// The word of a value in an address; empty for none.
pub fn word_of<T: Copy + PartialEq>(words: &[(&'static str, T)], value: Option<T>) -> &'static str {
    let found = words.iter().find(|(_, known)| Some(*known) == value);
    found.map_or("", |(word, _)| word)
}

/// What a sort is called.
pub fn sort(i18n: Words, sort: Sort) -> &'static str {
    match sort {
        Sort::Concentrator => t_string!(i18n, meter.concentrator),
        Sort::Of(Medium::ColdWater) => t_string!(i18n, meter.cold_water),
        Sort::Of(Medium::WarmWater) => t_string!(i18n, meter.warm_water),
        Sort::Of(Medium::Water) => t_string!(i18n, meter.water),
        Sort::Of(Medium::Heat) => t_string!(i18n, meter.heat),
        Sort::Of(Medium::Cooling) => t_string!(i18n, meter.cooling),
        Sort::Of(Medium::HeatAndCooling) => t_string!(i18n, meter.heat_and_cooling),
        Sort::Of(Medium::Electricity) => t_string!(i18n, meter.electricity),
        Sort::Of(Medium::Gas) => t_string!(i18n, meter.gas),
        Sort::Of(Medium::Other) => t_string!(i18n, meter.other_medium),
    }
}

/// What a device is, in a word; a dash where nobody said what it measures.
pub fn of_device(i18n: Words, kind: DeviceKind, medium: Option<Medium>) -> &'static str {
    match (kind, medium) {
        (DeviceKind::Concentrator, _) => sort(i18n, Sort::Concentrator),
        (DeviceKind::Meter, Some(medium)) => sort(i18n, Sort::Of(medium)),
        (DeviceKind::Meter, None) => "–",
    }
}

/// How the keys of a device stand.
pub fn proof(i18n: Words, proof: DeviceProof) -> &'static str {
    match proof {
        DeviceProof::Proven => t_string!(i18n, meter.proven),
        DeviceProof::Unproven => t_string!(i18n, meter.unproven),
        DeviceProof::Doubtful => t_string!(i18n, meter.doubtful),
    }
}

/// The colour of it.
pub fn proof_tone(proof: DeviceProof) -> Tone {
    match proof {
        DeviceProof::Proven => Tone::Good,
        DeviceProof::Unproven => Tone::Wait,
        DeviceProof::Doubtful => Tone::Warn,
    }
}
