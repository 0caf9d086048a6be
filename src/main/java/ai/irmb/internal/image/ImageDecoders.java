package ai.irmb.internal.image;

import ai.irmb.error.ImageException;
import ai.irmb.image.ImageDecoder;
import ai.irmb.image.RgbImage;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import java.io.IOException;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** Reads images with an {@link ImageDecoder}: the application's own first, then WebP and TIFF. */
final class ImageDecoders {
  private static final List<ImageDecoder> BUILT_IN = List.of(new WebpDecoder(), new TiffDecoder());

  /** Bytes of a file beside its pixels. */
  private static final int METADATA = 1 << 24;

  /** One pixel of the largest supported type, 16-bit RGBA, without compression. */
  private static final int BYTES_PER_PIXEL = 8;

  private ImageDecoders() {}

  /** {@return the decoder of the file that begins with these bytes, or null} */
  static @Nullable ImageDecoder of(byte[] head) {
    for (ImageDecoder decoder : ServiceLoader.load(ImageDecoder.class)) {
      if (decoder.accepts(head)) {
        return decoder;
      }
    }
    for (ImageDecoder decoder : BUILT_IN) {
      if (decoder.accepts(head)) {
        return decoder;
      }
    }
    return null;
  }

  static RgbImage read(ImageDecoder decoder, ByteSource in, Limits limits) throws IOException {
    byte[] file = bytes(in, limits);
    ImageSize size = size(decoder, file, in, limits);
    RgbImage image = attempt(decoder, in, () -> decoder.decode(file));
    if (image.width() != size.width() || image.height() != size.height()) {
      throw in.damaged("it contains two different sizes");
    }
    return image;
  }

  static ImageSize size(ImageDecoder decoder, ByteSource in, Limits limits) throws IOException {
    return size(decoder, bytes(in, limits), in, limits);
  }

  private static ImageSize size(ImageDecoder decoder, byte[] file, ByteSource in, Limits limits) {
    ImageDecoder.Size size = attempt(decoder, in, () -> decoder.size(file));
    ImageSizeCheck.check(in, size.width(), size.height(), limits);
    return new ImageSize((int) size.width(), (int) size.height());
  }

  private static byte[] bytes(ByteSource in, Limits limits) throws IOException {
    // The limit on pixels is a long without an upper bound.
    long pixels = Math.min(limits.get(Limit.PIXELS), Integer.MAX_VALUE / BYTES_PER_PIXEL);
    long max = Math.min(BYTES_PER_PIXEL * pixels + METADATA, Integer.MAX_VALUE - 8);
    return in.readToEnd((int) max);
  }

  /** One step of a decoder. */
  private interface Step<T> {
    T run() throws IOException;
  }

  private static <T> T attempt(ImageDecoder decoder, ByteSource in, Step<T> step) {
    try {
      return step.run();
    } catch (UnsupportedOperationException e) {
      throw new ImageException(
          in.name() + ": this is a file of the format " + decoder.format() + "; " + e.getMessage(),
          e,
          ImageException.Reason.UNSUPPORTED);
    } catch (IOException | RuntimeException | StackOverflowError e) {
      // A decoder for files from anybody can fail in any way.
      throw new ImageException(
          in.name() + ": the image is damaged: " + decoder.format() + " decoder: " + e.getMessage(),
          e);
    }
  }
}
