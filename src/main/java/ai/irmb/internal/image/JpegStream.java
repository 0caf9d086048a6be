package ai.irmb.internal.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import ai.irmb.error.ImageException;
import ai.irmb.internal.limit.LimitMessages;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import java.io.IOException;

/**
 * The markers of a JPEG up to its end, parsed, and the stream without metadata markers.
 *
 * <p>The JDK's decoder gets no profile, thumbnail or comment, so none of them can make it fail. It
 * gets nothing before the size, the scans and the end marker have been checked here.
 */
final class JpegStream {
  private static final int APP0 = 0xE0;
  private static final int APP1 = 0xE1;
  private static final int APP14 = 0xEE;
  private static final int COMMENT = 0xFE;

  /** Bytes for tables, in addition to three bytes per pixel, which no useful encoding exceeds. */
  private static final long TABLE_BYTES = 16 << 20;

  /** Max bytes per pixel while reading, for an image of the maximum size. */
  private static final long BYTES_A_PIXEL = 6;

  /** Max scans of an image of the maximum size; the usual progressive JPEG has 10. */
  private static final long MAX_SCANS_OF_LARGEST = 20;

  private final ByteSource in;
  private final Limits limits;
  private final BlockImageInputStream kept = new BlockImageInputStream();
  private int width;
  private int height;
  private byte[] componentIds = {};
  private int[] samplings = {};
  private boolean isProgressive;
  private boolean hasJfif;
  private int adobeTransform = -1;
  private Orientation orientation = Orientation.UPRIGHT;
  private boolean hasApp1;
  private int scans;
  private boolean isUnfinished;
  private int zerosAtEnd;
  private JpegCoefficients coefficients = new JpegCoefficients(new byte[0], false);
  private long maxKept = TABLE_BYTES;

  private JpegStream(ByteSource in, Limits limits) {
    this.in = in;
    this.limits = limits;
  }

  /**
   * Reads to the end marker and no further; data after it is not part of the image. A file that
   * ends after the first scan has begun gets an end marker there: see {@link #isUnfinished}.
   */
  static JpegStream read(ByteSource in, Limits limits) throws IOException {
    JpegStream jpeg = new JpegStream(in, limits);
    jpeg.readSegments();
    return jpeg;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  Orientation orientation() {
    return orientation;
  }

  /** {@return a JPEG with the same pixels and no application data; can be read once} */
  BlockImageInputStream kept() {
    return kept;
  }

  /** {@return whether the file ended before the end marker, so that pixels may be missing} */
  boolean isUnfinished() {
    return isUnfinished;
  }

  /** {@return the number of zero bytes before the end marker} */
  int zerosAtEnd() {
    return zerosAtEnd;
  }

  /** {@return whether the scans cover all bits of all coefficients, if each scan is complete} */
  boolean hasAllCoefficients() {
    return coefficients.areComplete();
  }

  /** The color model of the components. */
  enum ColorModel {
    GRAY,
    RGB,
    YCC,
    CMYK,
    YCCK
  }

  /** {@return the color model of the components, by the rules of libjpeg} */
  ColorModel colorModel() {
    return switch (componentIds.length) {
      case 1 -> ColorModel.GRAY;
      case 3 -> {
        if (hasJfif) {
          yield ColorModel.YCC;
        }
        if (adobeTransform >= 0) {
          yield adobeTransform == 0 ? ColorModel.RGB : ColorModel.YCC;
        }
        yield new String(componentIds, ISO_8859_1).equals("RGB") ? ColorModel.RGB : ColorModel.YCC;
      }
      case 4 -> adobeTransform <= 0 ? ColorModel.CMYK : ColorModel.YCCK;
      default ->
          throw in.unsupported(
              "a JPEG of "
                  + componentIds.length
                  + " color components is not supported: 1, 3 or 4 are");
    };
  }

  private void readSegments() throws IOException {
    keepMarker(in.u16be() & 0xFF);
    try {
      readToEnd();
    } catch (ImageException e) {
      if (!in.isExhausted() || scans == 0) {
        throw e;
      }
      isUnfinished = true;
    }
    keepMarker(0xD9);
  }

  private void readToEnd() throws IOException {
    int marker = nextMarker();
    while (marker != 0xD9) {
      if ((marker >= APP0 && marker <= 0xEF) || marker == COMMENT) {
        readApplicationData(marker);
        marker = nextMarker();
      } else if (marker == 0xDA) {
        marker = keepScan();
      } else if (marker == 0xC4 || marker == 0xDB || marker == 0xDC || marker == 0xDD) {
        keepSegment(marker);
        marker = nextMarker();
      } else if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC8 && marker != 0xCC) {
        readFrame(marker);
        marker = nextMarker();
      } else {
        throw in.damaged(String.format("a JPEG marker FF %02X is not expected here", marker));
      }
    }
    if (scans == 0) {
      throw in.damaged("the JPEG ends before its first scan");
    }
  }

  private int nextMarker() throws IOException {
    if (in.u8() != 0xFF) {
      throw in.damaged("corrupt JPEG data: a marker was expected");
    }
    int marker = in.u8();
    while (marker == 0xFF) {
      marker = in.u8();
    }
    return marker;
  }

  private int segmentLength() throws IOException {
    int length = in.u16be() - 2;
    if (length < 0) {
      throw in.damaged("a JPEG segment has the length " + (length + 2));
    }
    return length;
  }

  private void readApplicationData(int marker) throws IOException {
    int length = segmentLength();
    if (marker != APP0 && marker != APP1 && marker != APP14) {
      in.skip(length);
      return;
    }
    byte[] data = in.read(length);
    if (marker == APP0) {
      hasJfif |= length >= 14 && begins(data, "JFIF\0");
    } else if (marker == APP14) {
      if (length >= 12 && begins(data, "Adobe")) {
        adobeTransform = data[11] & 0xFF;
      }
    } else if (!hasApp1) {
      // As in OpenCV 4.6: only the first of these segments counts, whatever its 6-byte name is.
      hasApp1 = true;
      orientation = Orientation.fromExif(data, 6);
    }
  }

  private static boolean begins(byte[] data, String text) {
    return data.length >= text.length()
        && new String(data, 0, text.length(), ISO_8859_1).equals(text);
  }

  private void readFrame(int marker) throws IOException {
    if (marker > 0xC2) {
      throw in.unsupported(
          String.format(
              "a JPEG of type SOF%d is not supported: baseline, extended and progressive Huffman"
                  + " are",
              marker - 0xC0));
    }
    if (componentIds.length > 0) {
      throw in.damaged("the JPEG has two frames");
    }
    byte[] frame = keepSegment(marker);
    if (frame.length < 6 || frame.length != 6 + 3 * (frame[5] & 0xFF) || frame[5] == 0) {
      throw in.damaged("the JPEG's frame header has the wrong length");
    }
    if (frame[0] != 8) {
      throw in.unsupported("a JPEG of " + (frame[0] & 0xFF) + " bits is not supported: 8 bits are");
    }
    height = (frame[1] & 0xFF) << 8 | (frame[2] & 0xFF);
    width = (frame[3] & 0xFF) << 8 | (frame[4] & 0xFF);
    ImageSizeCheck.check(in, width, height, limits);
    isProgressive = marker == 0xC2;
    componentIds = new byte[frame[5] & 0xFF];
    samplings = new int[componentIds.length];
    for (int i = 0; i < componentIds.length; i++) {
      componentIds[i] = frame[6 + 3 * i];
      samplings[i] = frame[7 + 3 * i] & 0xFF;
    }
    coefficients = new JpegCoefficients(componentIds, isProgressive);
    maxKept = 3L * width * height + TABLE_BYTES;
  }

  private byte[] keepSegment(int marker) throws IOException {
    int length = segmentLength();
    byte[] data = in.read(length);
    keepMarker(marker);
    kept.append((length + 2) >> 8);
    kept.append(length + 2);
    kept.append(data);
    checkKept();
    return data;
  }

  private void keepMarker(int marker) {
    kept.append(0xFF);
    kept.append(marker);
  }

  /** {@return the marker after the scan} */
  private int keepScan() throws IOException {
    if (componentIds.length == 0) {
      throw in.damaged("a JPEG scan comes before the frame header");
    }
    scans++;
    if (scans > limits.getInt(Limit.JPEG_SCANS)) {
      throw in.exceedsLimit(
          "the JPEG has more scans than " + LimitMessages.limit(limits, Limit.JPEG_SCANS));
    }
    // Each scan covers the full image, so the time is the product of both.
    if ((long) scans * width * height > MAX_SCANS_OF_LARGEST * limits.get(Limit.PIXELS)) {
      throw in.exceedsLimit(
          "the JPEG has more scans than the limit for its size of "
              + width
              + " x "
              + height
              + " pixels; "
              + LimitMessages.remedy(Limit.PIXELS));
    }
    byte[] scan = keepSegment(0xDA);
    coefficients.addScan(scan);
    boolean isPart = scan.length > 0 && (scan[0] & 0xFF) < componentIds.length;
    if (scans == 1 && (isProgressive || isPart)) {
      checkCoefficients();
    }
    while (true) {
      int value = in.u8();
      if (value == 0xFF) {
        int marker = in.u8();
        while (marker == 0xFF) {
          marker = in.u8();
        }
        boolean isData = marker == 0 || (marker >= 0xD0 && marker <= 0xD7);
        if (!isData) {
          return marker;
        }
        keepMarker(marker);
      } else {
        kept.append(value);
      }
      zerosAtEnd = value == 0 ? zerosAtEnd + 1 : 0;
      checkKept();
    }
  }

  /** The decoder holds an image in several scans completely, in two bytes per coefficient. */
  private void checkCoefficients() {
    int widest = 0;
    int highest = 0;
    int all = 0;
    for (int sampling : samplings) {
      widest = Math.max(widest, sampling >> 4);
      highest = Math.max(highest, sampling & 15);
      all += (sampling >> 4) * (sampling & 15);
    }
    if (all == 0) {
      throw in.damaged("the JPEG's sampling factors are zero");
    }
    double perPixel = samplings.length + 2.0 * all / (widest * highest);
    if (perPixel * width * height > BYTES_A_PIXEL * limits.get(Limit.PIXELS)) {
      throw in.exceedsLimit(
          "a JPEG in several scans of "
              + width
              + " x "
              + height
              + " pixels takes "
              + Math.round(perPixel)
              + " bytes a pixel to decode, more than the limit of "
              + BYTES_A_PIXEL
              + " for the largest image; "
              + LimitMessages.remedy(Limit.PIXELS));
    }
  }

  private void checkKept() {
    if (kept.size() > maxKept) {
      throw in.exceedsLimit(
          "the JPEG has more data than the limit of "
              + maxKept
              + " bytes for its size of "
              + width
              + " x "
              + height
              + " pixels");
    }
  }
}
