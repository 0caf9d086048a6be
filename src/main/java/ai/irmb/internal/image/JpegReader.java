package ai.irmb.internal.image;

import ai.irmb.error.ImageException;
import ai.irmb.image.ReadOptions;
import ai.irmb.image.RgbImage;
import ai.irmb.limit.Limits;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import javax.imageio.ImageReader;

/**
 * Reads JPEG. The JDK's decoder gives the stored components. The conversion to RGB is done here as
 * in libjpeg, since the JDK detects the color space differently and applies color management.
 */
final class JpegReader {
  /**
   * Libjpeg's warning about bytes between the last pixel and the end marker; the count is between.
   */
  private static final String EXTRA_BYTES_START = "Corrupt JPEG data: ";

  private static final String EXTRA_BYTES_END = " extraneous bytes before marker 0xd9";

  /** More than this many bytes that are not zero can be the rest of damaged pixels. */
  private static final int MAX_EXTRA_BYTES = 2;

  private JpegReader() {}

  static RgbImage read(ByteSource in, ReadOptions options) throws IOException {
    JpegStream jpeg = JpegStream.read(in, options.limits());
    // Refuses an unsupported number of components before the decoder runs.
    JpegStream.ColorModel colors = jpeg.colorModel();
    byte[] components = components(decode(in, jpeg, options));
    byte[] rgb = JpegColorConversion.toRgb(components, jpeg.width() * jpeg.height(), colors);
    return jpeg.orientation().toUpright(RgbImageAccess.wrap(jpeg.width(), jpeg.height(), rgb));
  }

  static ImageSize size(ByteSource in, Limits limits) throws IOException {
    JpegStream jpeg = JpegStream.read(in, limits);
    if (jpeg.isUnfinished()) {
      throw in.truncated();
    }
    return jpeg.orientation().uprightSize(jpeg.width(), jpeg.height());
  }

  private static Raster decode(ByteSource in, JpegStream jpeg, ReadOptions options) {
    String name = in.name();
    ImageReader reader = jdkReader(name);
    try {
      if (jpeg.isUnfinished() && !jpeg.hasAllCoefficients()) {
        in.acceptEnd(in.truncated(), options);
      }
      reader.setInput(jpeg.kept(), true, true);
      reader.addIIOReadWarningListener(
          (source, warning) -> {
            if (isPadding(warning, jpeg)) {
              return;
            }
            if (jpeg.isUnfinished()) {
              in.acceptEnd(in.truncated(), options);
              return;
            }
            // The decoder would continue, perhaps for long, and fill the rest with gray.
            throw new ImageException(name + ": the image is damaged: " + warning);
          });
      Raster raster = reader.readRaster(0, null);
      if (raster.getWidth() != jpeg.width() || raster.getHeight() != jpeg.height()) {
        throw new ImageException(name + ": the image is damaged: it contains two different sizes");
      }
      return raster;
    } catch (ImageException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The JDK's reader validates too little, so a damaged file can cause any exception.
      throw new ImageException(name + ": the image is damaged: JPEG decoder: " + e.getMessage(), e);
    } finally {
      reader.dispose();
    }
  }

  /** Some cameras pad the data with zeros or leave a byte or two before the end marker. */
  private static boolean isPadding(String warning, JpegStream jpeg) {
    if (!warning.startsWith(EXTRA_BYTES_START) || !warning.endsWith(EXTRA_BYTES_END)) {
      return false;
    }
    int end = warning.length() - EXTRA_BYTES_END.length();
    int count = Integer.parseInt(warning.substring(EXTRA_BYTES_START.length(), end));
    return count <= Math.max(MAX_EXTRA_BYTES, jpeg.zerosAtEnd());
  }

  private static ImageReader jdkReader(String name) {
    try {
      return JdkImageCodecs.reader("jpeg");
    } catch (IOException e) {
      throw new ImageException(name + ": " + e.getMessage(), e);
    }
  }

  private static byte[] components(Raster raster) {
    int length = raster.getWidth() * raster.getHeight() * raster.getNumBands();
    if (raster.getDataBuffer() instanceof DataBufferByte buffer
        && buffer.getNumBanks() == 1
        && buffer.getOffset() == 0
        && buffer.getData().length == length) {
      return buffer.getData();
    }
    throw new IllegalStateException("the JDK's JPEG reader no longer gives interleaved bytes");
  }
}
