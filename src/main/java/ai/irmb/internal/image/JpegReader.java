package ai.irmb.internal.image;

import ai.irmb.error.ImageException;
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
  private JpegReader() {}

  static RgbImage read(ByteSource in, Limits limits) throws IOException {
    JpegStream jpeg = JpegStream.read(in, limits);
    // Refuses an unsupported number of components before the decoder runs.
    JpegStream.ColorModel colors = jpeg.colorModel();
    byte[] components = components(decode(in.name(), jpeg));
    byte[] rgb = JpegColorConversion.toRgb(components, jpeg.width() * jpeg.height(), colors);
    return jpeg.orientation().toUpright(RgbImageAccess.wrap(jpeg.width(), jpeg.height(), rgb));
  }

  static ImageSize size(ByteSource in, Limits limits) throws IOException {
    JpegStream jpeg = JpegStream.read(in, limits);
    return jpeg.orientation().uprightSize(jpeg.width(), jpeg.height());
  }

  private static Raster decode(String name, JpegStream jpeg) {
    ImageReader reader = jdkReader(name);
    try {
      reader.setInput(jpeg.kept(), true, true);
      reader.addIIOReadWarningListener(
          (source, warning) -> {
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
