package ai.irmb.internal.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import ai.irmb.image.RgbImage;
import ai.irmb.limit.Limits;
import java.io.IOException;
import java.util.List;

/** The kinds of image that are read, told apart by their first bytes alone. */
public enum ImageFormat {
  JPEG("\u00FF\u00D8\u00FF"),
  PNG("\u0089PNG\r\n\u001A\n"),
  BMP("BM"),
  GIF("GIF8");

  /** What people take for an image that can be read; a dot stands for any byte. */
  private record Refused(String signature, String name) {}

  private static final List<Refused> REFUSED =
      List.of(
          new Refused("RIFF....WEBP", "WebP"),
          new Refused("II*\0", "TIFF"),
          new Refused("MM\0*", "TIFF"),
          new Refused("II+\0", "TIFF"),
          new Refused("MM\0+", "TIFF"),
          new Refused("....ftypavi", "AVIF"),
          new Refused("....ftyphei", "HEIC"),
          new Refused("....ftyphev", "HEIC"),
          new Refused("....ftypmif1", "HEIF"),
          new Refused("....ftypmsf1", "HEIF"),
          new Refused("....ftyp", "MPEG-4 video"),
          new Refused("....jP  ", "JPEG 2000"),
          new Refused("\u00FFO\u00FFQ", "JPEG 2000"),
          new Refused("\u00FF\n", "JPEG XL"),
          new Refused("....JXL ", "JPEG XL"),
          new Refused("8BPS", "Photoshop"),
          new Refused("\0\0\1\0", "icon"),
          new Refused("P.\n", "Netpbm"),
          new Refused("#?RADIANCE", "Radiance HDR"),
          new Refused("v/1\1", "OpenEXR"),
          new Refused("DDS ", "DDS"),
          new Refused("%PDF", "PDF"),
          new Refused("PK\3\4", "zip"),
          new Refused("\u001F\u008B", "gzip"),
          new Refused("<svg", "SVG"));

  private static final int HEAD = 64;

  private final String signature;

  ImageFormat(String signature) {
    this.signature = signature;
  }

  /**
   * {@return the image that these bytes are}
   *
   * @throws ai.irmb.error.ImageException if they are none that is read, are damaged, or ask for
   *     more than the limits
   */
  public static RgbImage read(ByteSource in, Limits limits) throws IOException {
    return switch (of(in)) {
      case JPEG -> JpegReader.read(in, limits);
      case PNG -> PngReader.read(in, limits);
      case BMP -> BmpReader.read(in, limits);
      case GIF -> GifReader.read(in, limits);
    };
  }

  /** {@return the size of the image that these bytes are, if it is read; errors likewise} */
  static ImageSize size(ByteSource in, Limits limits) throws IOException {
    return switch (of(in)) {
      case JPEG -> JpegReader.size(in, limits);
      case PNG -> PngReader.size(in, limits);
      case BMP -> BmpReader.size(in, limits);
      case GIF -> GifReader.size(in, limits);
    };
  }

  private static ImageFormat of(ByteSource in) throws IOException {
    String head = new String(in.head(HEAD), ISO_8859_1);
    for (ImageFormat format : values()) {
      if (head.startsWith(format.signature)) {
        return format;
      }
    }
    throw in.unsupported(
        "this is "
            + describe(head)
            + ", not an image in a format that is read (JPEG, PNG, BMP, GIF)");
  }

  private static String describe(String head) {
    if (head.isEmpty()) {
      return "an empty file";
    }
    for (Refused refused : REFUSED) {
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
