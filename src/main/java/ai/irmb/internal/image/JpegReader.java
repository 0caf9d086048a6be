package ai.irmb.internal.image;

import ai.irmb.error.ImageException;
import ai.irmb.image.RgbImage;
import ai.irmb.limit.Limits;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import javax.imageio.ImageReader;

/**
 * Reads JPEG: the JDK's decoder gives the components as they are stored, and the colours are worked
 * out here as libjpeg does, since the JDK guesses differently and manages colours.
 */
final class JpegReader {
  private JpegReader() {}

  static RgbImage read(ByteSource in, Limits limits) throws IOException {
    JpegStream jpeg = JpegStream.read(in, limits);
    // Refuses a number of components that cannot be read, before the decoder sees it.
    JpegStream.Colours colours = jpeg.colours();
    byte[] components = components(decode(in.name(), jpeg));
    byte[] rgb = JpegColours.toRgb(components, jpeg.width() * jpeg.height(), colours);
    return jpeg.orientation().turn(RgbImageAccess.wrap(jpeg.width(), jpeg.height(), rgb));
  }

  static ImageSize size(ByteSource in, Limits limits) throws IOException {
    JpegStream jpeg = JpegStream.read(in, limits);
    return jpeg.orientation().upright(jpeg.width(), jpeg.height());
  }

  private static Raster decode(String name, JpegStream jpeg) {
    ImageReader reader = jdkReader(name);
    try {
      reader.setInput(jpeg.kept(), true, true);
      reader.addIIOReadWarningListener(
          (source, warning) -> {
            // The decoder would go on, for long perhaps, and fill the rest with gray.
            throw new ImageException(name + ": the image is damaged: " + warning);
          });
      Raster raster = reader.readRaster(0, null);
      if (raster.getWidth() != jpeg.width() || raster.getHeight() != jpeg.height()) {
        throw new ImageException(name + ": the image is damaged: its size is given twice");
      }
      return raster;
    } catch (ImageException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The JDK's reader checks less than it should; its slips are the file's fault all the same.
      throw new ImageException(
          name + ": the image is damaged: the JPEG decoder says: " + e.getMessage(), e);
    } finally {
      reader.dispose();
    }
  }

  private static ImageReader jdkReader(String name) {
    try {
      return JdkCodecs.reader("jpeg");
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
