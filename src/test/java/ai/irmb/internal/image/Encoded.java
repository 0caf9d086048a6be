package ai.irmb.internal.image;

import ai.irmb.image.RgbImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Images as files in memory, written by the JDK. */
public final class Encoded {
  private Encoded() {}

  public static byte[] of(RgbImage image, String format) {
    BufferedImage copy = image.toBufferedImage();
    if (format.equals("gif")) {
      BufferedImage indexed =
          new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_BYTE_INDEXED);
      indexed.createGraphics().drawImage(copy, 0, 0, null);
      copy = indexed;
    }
    return of(copy, format, false, null);
  }

  static byte[] of(
      BufferedImage image,
      String format,
      boolean progressive,
      @org.jspecify.annotations.Nullable String compression) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriter writer = JdkImageCodecs.writer(format);
      ImageWriteParam param = writer.getDefaultWriteParam();
      if (progressive) {
        param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
      }
      if (compression != null) {
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        param.setCompressionType(compression);
      }
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), param);
      out.flush();
      writer.dispose();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
