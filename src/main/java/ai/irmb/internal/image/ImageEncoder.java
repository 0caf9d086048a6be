package ai.irmb.internal.image;

import static java.util.Objects.requireNonNull;

import ai.irmb.error.ImageException;
import ai.irmb.image.RgbImage;
import ai.irmb.internal.file.AtomicFile;
import ai.irmb.internal.file.FileErrors;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import javax.imageio.IIOImage;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes images to files. Safe for concurrent use. */
public final class ImageEncoder {
  private static final float JPEG_QUALITY = 0.95f;

  private ImageEncoder() {}

  /**
   * Writes an image as PNG or JPEG, as the file's name ends.
   *
   * <p>The file appears complete or not at all: it is written beside, and then renamed; one of the
   * same name is replaced.
   *
   * @param image not modified
   * @param file ends in .png, .jpg or .jpeg
   * @throws IOException if the file system fails; nothing is left behind then
   * @throws IllegalArgumentException if the name ends otherwise
   */
  public static void write(RgbImage image, Path file) throws IOException {
    requireNonNull(image, "image");
    Path name = requireNonNull(file, "file").getFileName();
    String format = format(String.valueOf(name));
    try {
      AtomicFile.write(file, out -> encode(image, format, out));
    } catch (LinkageError e) {
      throw new ImageException(
          file + " was not written: " + DesktopLibraries.explain("write " + format, e), e);
    } catch (IOException e) {
      throw new IOException(file + " was not written: " + FileErrors.writeReason(e), e);
    }
  }

  /**
   * Tries to write an image, before the work whose result is to be written.
   *
   * @param option that asks for it, for the message
   * @throws ImageException if this Java cannot write images
   */
  public static void check(String option) {
    try {
      RgbImage pixel = RgbImage.of(1, 1, new byte[3]);
      encode(pixel, "png", OutputStream.nullOutputStream());
      encode(pixel, "jpeg", OutputStream.nullOutputStream());
    } catch (LinkageError | IOException e) {
      throw new ImageException(option + ": " + DesktopLibraries.explain("write images", e), e);
    }
  }

  private static String format(String name) {
    if (!ImageEndings.WRITABLE.matches(name)) {
      throw new IllegalArgumentException(name + ": the name must end in .png, .jpg or .jpeg");
    }
    return ImageEndings.of(name).equals("png") ? "png" : "jpeg";
  }

  private static void encode(RgbImage image, String format, OutputStream file) throws IOException {
    ImageWriter writer = JdkImageCodecs.writer(format);
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(file)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      if (format.equals("jpeg")) {
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        param.setCompressionQuality(JPEG_QUALITY);
      }
      writer.setOutput(out);
      writer.write(null, new IIOImage(image.toBufferedImage(), null, null), param);
    } finally {
      writer.dispose();
    }
  }
}
