//! The provider's face on paper: the logo, and the colour of the line below the head.
use super::typeset::faces;
use anyhow::{Context, anyhow, ensure};
use krilla::{
    color::rgb,
    geom::{Size, Transform},
    image::Image,
    surface::Surface,
    tagging::{Artifact, ArtifactType, ContentTag},
};
use krilla_svg::{SurfaceExt, SvgSettings};
use shared::colour::Colour;
use std::sync::Arc;
use usvg::{ImageHrefResolver, Options, Tree};

/// What a provider's papers share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letterhead {
    /// The colour for light ground; none for the grey of other lines.
    pub accent: Option<Colour>,
    /// The logo; none for the name alone.
    pub logo: Option<Picture>,
}

/// A picture as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picture {
    /// A PNG.
    Png(Arc<[u8]>),
    /// A drawing (SVG 1.1), already cleaned of all that acts or fetches.
    Svg(Arc<[u8]>),
}

impl Letterhead {
    /// The accent as krilla has it.
    pub(super) fn ink(&self) -> Option<rgb::Color> {
        let (red, green, blue) = self.accent?.parts();
        Some(rgb::Color::new(red, green, blue))
    }
}

/// The edge from which a logo grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edge {
    Left,
    Right,
}

impl Picture {
    /// Draws it as large as a box allows, from an upper corner of the box; gives its width. Screen readers leave it out:
    /// the provider's name stands in words elsewhere.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(crate) fn draw(
        &self,
        surface: &mut Surface<'_>,
        (x, top): (f32, f32),
        (width, height): (f32, f32),
        edge: Edge,
    ) -> anyhow::Result<f32> {
        let drawn = Drawn::read(self)?;
        let (own_width, own_height) = drawn.size();
        ensure!(own_width > 0.0 && own_height > 0.0, "a picture without a size");
        let scale = (width / own_width).min(height / own_height);
        let size = Size::from_wh(own_width * scale, own_height * scale).context("a picture without a size")?;
        let left = match edge {
            Edge::Left => x,
            Edge::Right => x - size.width(),
        };
        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Header)));
        surface.push_transform(&Transform::from_translate(left, top));
        match drawn {
            Drawn::Image(image) => surface.draw_image(image, size),
            Drawn::Tree(tree) => surface
                .draw_svg(
                    &tree,
                    size,
                    SvgSettings {
                        // outlines: what a logo spells is part of the picture
                        embed_text: false,
                        ..SvgSettings::default()
                    },
                )
                .context("a drawing cannot be drawn")?,
        }
        surface.pop();
        surface.end_tagged();
        Ok(size.width())
    }
}

/// A picture, read.
enum Drawn {
    Image(Image),
    Tree(Box<Tree>),
}

impl Drawn {
    fn read(picture: &Picture) -> anyhow::Result<Self> {
        match picture {
            Picture::Png(bytes) => Image::from_png(bytes.to_vec().into(), false)
                .map(Self::Image)
                .map_err(|error| anyhow!("a PNG cannot be read: {error}")),
            Picture::Svg(bytes) => {
                let mut options = Options {
                    font_family: "Hanken Grotesk".to_owned(),
                    // no picture in a picture, from here or elsewhere
                    image_href_resolver: ImageHrefResolver {
                        resolve_data: Box::new(|_, _, _| None),
                        resolve_string: Box::new(|_, _| None),
                    },
                    ..Options::default()
                };
                let fonts = options.fontdb_mut();
                for face in faces() {
                    fonts.load_font_data(face.to_vec());
                }
                let tree = Tree::from_data(bytes, &options).context("a drawing cannot be read")?;
                Ok(Self::Tree(Box::new(tree)))
            }
        }
    }

    fn size(&self) -> (f32, f32) {
        match self {
            Self::Image(image) => {
                let (width, height) = image.size();
                (width as f32, height as f32)
            }
            Self::Tree(tree) => (tree.size().width(), tree.size().height()),
        }
    }
}
