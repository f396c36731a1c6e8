//! Pictures of image files: decoded within limits, turned upright, made small and encoded anew. What is
//! shown is never what was handed in.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};
use zaigang_domain::file::FileType;

/// Longest side of an image that is decoded, in pixels: beyond any camera at hand. A guess.
const SIDE_MAX: u32 = 16_000;
/// Most memory for decoding, in bytes: 64 million pixels.
const MEMORY_MAX: u64 = 256 * 1024 * 1024;
/// JPEG quality: no difference is seen at these sizes.
const QUALITY: u8 = 82;

/// How large a picture is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    /// For a list.
    Small,
    /// For looking at.
    Large,
}

impl Size {
    /// Longest side, in pixels.
    fn side(self) -> u32 {
        match self {
            Self::Small => 240,
            Self::Large => 1_600,
        }
    }
}

/// A picture, JPEG.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Picture {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) jpeg: Vec<u8>,
}

/// A picture of an image file; `None` where it is damaged or too large to be decoded.
pub(crate) fn picture(file_type: FileType, content: &[u8], size: Size) -> Option<Picture> {
    let format = match file_type {
        FileType::Jpg => ImageFormat::Jpeg,
        FileType::Png => ImageFormat::Png,
        _ => return None,
    };
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(MEMORY_MAX);
    let mut reader = ImageReader::with_format(Cursor::new(content), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let upright = decoder.orientation().ok()?;
    let mut image = DynamicImage::from_decoder(decoder).ok()?;
    if image.width().max(image.height()) > size.side() {
        image = image.thumbnail(size.side(), size.side());
    }
    image.apply_orientation(upright);
    let opaque = flatten(&image);
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(&opaque).ok()?;
    Some(Picture { width: opaque.width(), height: opaque.height(), jpeg })
}

/// On white where it is transparent: JPEG has no other.
fn flatten(image: &DynamicImage) -> image::RgbImage {
    let rgba = image.to_rgba8();
    image::RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let image::Rgba([r, g, b, a]) = *rgba.get_pixel(x, y);
        let over = |c: u8| ((u32::from(c) * u32::from(a) + 255 * (255 - u32::from(a))) / 255) as u8;
        image::Rgb([over(r), over(g), over(b)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let image =
            DynamicImage::ImageRgba8(image::RgbaImage::from_pixel(width, height, image::Rgba([0, 0, 0, 0])));
        image.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
        bytes
    }

    #[test]
    fn pictures_are_small_new_and_only_of_images() {
        let small = picture(FileType::Png, &png(960, 480), Size::Small).unwrap();
        assert_eq!((small.width, small.height), (240, 120));
        assert!(small.jpeg.starts_with(b"\xff\xd8"));
        let same = picture(FileType::Png, &png(20, 10), Size::Large).unwrap();
        assert_eq!((same.width, same.height), (20, 10), "nothing is made larger");
        let read = image::load_from_memory(&same.jpeg).unwrap().to_rgb8();
        assert!(read.pixels().all(|pixel| pixel.0.iter().all(|c| *c > 250)), "transparent is white");
        assert_eq!(picture(FileType::Jpg, &png(20, 10), Size::Small), None, "not what it was taken for");
        assert_eq!(picture(FileType::Pdf, b"%PDF", Size::Small), None);
    }

    /// A small file that says it is huge must not take the memory it asks for.
    #[test]
    fn an_image_that_claims_to_be_huge_is_refused() {
        let mut bytes = png(20, 10);
        bytes[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
        assert_eq!(picture(FileType::Png, &bytes, Size::Small), None);
    }
}
