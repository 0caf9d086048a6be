package ai.irmb.internal.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import ai.irmb.error.ImageException;
import ai.irmb.image.ImageDecoder;
import ai.irmb.image.ReadOptions;
import ai.irmb.image.RgbImage;
import ai.irmb.limit.Limits;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The supported image formats, recognized by their first bytes alone. */
public enum ImageFormat {
  JPEG("\u00FF\u00D8\u00FF"),
  PNG("\u0089PNG\r\n\u001A\n"),
  BMP("BM"),
  GIF("GIF8");

  /**
   * A format that is recognized only for the error message; a dot in the signature matches any
   * byte.
   */
  private record UnsupportedFormat(String signature, String name) {}

  private static final List<UnsupportedFormat> UNSUPPORTED =
      List.of(
          new UnsupportedFormat("II+\0", "BigTIFF"),
          new UnsupportedFormat("MM\0+", "BigTIFF"),
          new UnsupportedFormat("....ftypavi", "AVIF"),
          new UnsupportedFormat("....ftyphei", "HEIC"),
          new UnsupportedFormat("....ftyphev", "HEIC"),
          new UnsupportedFormat("....ftypmif1", "HEIF"),
          new UnsupportedFormat("....ftypmsf1", "HEIF"),
          new UnsupportedFormat("....ftyp", "MPEG-4 video"),
          new UnsupportedFormat("....jP  ", "JPEG 2000"),
          new UnsupportedFormat("\u00FFO\u00FFQ", "JPEG 2000"),
          new UnsupportedFormat("\u00FF\n", "JPEG XL"),
          new UnsupportedFormat("....JXL ", "JPEG XL"),
          new UnsupportedFormat("8BPS", "Photoshop"),
          new UnsupportedFormat("\0\0\1\0", "icon"),
          new UnsupportedFormat("P.\n", "Netpbm"),
          new UnsupportedFormat("#?RADIANCE", "Radiance HDR"),
          new UnsupportedFormat("v/1\1", "OpenEXR"),
          new UnsupportedFormat("DDS ", "DDS"),
          new UnsupportedFormat("%PDF", "PDF"),
          new UnsupportedFormat("PK\3\4", "zip"),
          new UnsupportedFormat("\u001F\u008B", "gzip"),
          new UnsupportedFormat("<svg", "SVG"));

  private static final int HEAD = 64;

  private final String signature;

  ImageFormat(String signature) {
    this.signature = signature;
  }

  /**
   * {@return the decoded image}
   *
   * @throws ai.irmb.error.ImageException if the format is not supported, the data is damaged, or a
   *     limit is exceeded
   */
  public static RgbImage read(ByteSource in, ReadOptions options) throws IOException {
    ImageFormat format = of(in);
    if (format == null) {
      return ImageDecoders.read(decoder(in), in, options.limits());
    }
    try {
      return switch (format) {
        case JPEG -> JpegReader.read(in, options);
        case PNG -> PngReader.read(in, options);
        case BMP -> BmpReader.read(in, options);
        case GIF -> GifReader.read(in, options);
      };
    } catch (LinkageError e) {
      throw new ImageException(in.name() + ": " + DesktopLibraries.explain("read " + format, e), e);
    }
  }

  /** {@return the size of the upright image; throws as {@link #read}} */
  static ImageSize size(ByteSource in, Limits limits) throws IOException {
    ImageFormat format = of(in);
    if (format == null) {
      return ImageDecoders.size(decoder(in), in, limits);
    }
    return switch (format) {
      case JPEG -> JpegReader.size(in, limits);
      case PNG -> PngReader.size(in, limits);
      case BMP -> BmpReader.size(in, limits);
      case GIF -> GifReader.size(in, limits);
    };
  }

  private static @Nullable ImageFormat of(ByteSource in) throws IOException {
    String head = new String(in.peek(HEAD), ISO_8859_1);
    for (ImageFormat format : values()) {
      if (head.startsWith(format.signature)) {
        return format;
      }
    }
    return null;
  }

  private static ImageDecoder decoder(ByteSource in) throws IOException {
    byte[] head = in.peek(HEAD);
    ImageDecoder decoder = ImageDecoders.of(head);
    if (decoder == null) {
      throw in.unsupported(
          "this is "
              + describe(new String(head, ISO_8859_1))
              + ", not an image in a supported format (JPEG, PNG, BMP, GIF, WebP, TIFF)");
    }
    return decoder;
  }

  private static String describe(String head) {
    if (head.isEmpty()) {
      return "an empty file";
    }
    for (UnsupportedFormat refused : UNSUPPORTED) {
      if (matches(head, refused.signature)) {
        return "a file of the format " + refused.name;
      }
    }
    if (head.chars().allMatch(ImageFormat::isText)) {
      return head.contains("<svg") ? "a file of the format SVG" : "text";
    }
    StringBuilder hex = new StringBuilder("a file that begins with the bytes");
    head.chars().limit(8).forEach(c -> hex.append(String.format(" %02X", c)));
    return hex.toString();
  }

  private static boolean matches(String head, String signature) {
    if (head.length() < signature.length()) {
      return false;
    }
    for (int i = 0; i < signature.length(); i++) {
      char wanted = signature.charAt(i);
      if (wanted != '.' && wanted != head.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isText(int c) {
    return c == '\t' || c == '\n' || c == '\r' || (c >= ' ' && c != 0x7F);
  }
}
