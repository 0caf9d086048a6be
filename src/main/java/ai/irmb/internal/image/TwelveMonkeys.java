package ai.irmb.internal.image;

import ai.irmb.image.RgbImage;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ServiceLoader;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * An ImageIO plug-in of TwelveMonkeys, which the application adds.
 *
 * @param artifact of the group {@code com.twelvemonkeys.imageio}
 * @param className of the service provider
 */
record TwelveMonkeys(String artifact, String className) {
  private static final String VERSION = "3.15.0";

  /**
   * Checks that the plug-in is there.
   *
   * @throws UnsupportedOperationException with what to add if it is not
   */
  void require() {
    provider();
  }

  /** {@return the first image, with the stored components as colors} */
  RgbImage read(byte[] file) throws IOException {
    ImageReader reader = provider().createReaderInstance();
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      reader.setInput(in, true, true);
      return BufferedImages.toRgb(withoutProfile(reader.read(0)));
    } finally {
      reader.dispose();
    }
  }

  private ImageReaderSpi provider() {
    ImageReaderSpi found = find(Thread.currentThread().getContextClassLoader());
    if (found == null) {
      found = find(TwelveMonkeys.class.getClassLoader());
    }
    if (found == null) {
      throw new UnsupportedOperationException(
          "to read it, add com.twelvemonkeys.imageio:"
              + artifact
              + ":"
              + VERSION
              + " to the class path");
    }
    return found;
  }

  private @Nullable ImageReaderSpi find(@Nullable ClassLoader loader) {
    return ServiceLoader.load(ImageReaderSpi.class, loader).stream()
        .filter(provider -> provider.type().getName().equals(className))
        .findFirst()
        .map(ServiceLoader.Provider::get)
        .orElse(null);
  }

  /** Color profiles are ignored, as by OpenCV. */
  private static BufferedImage withoutProfile(BufferedImage image) {
    ColorModel model = image.getColorModel();
    ColorSpace space = model.getColorSpace();
    if (!(model instanceof ComponentColorModel)
        || space.isCS_sRGB()
        || space.getType() != ColorSpace.TYPE_RGB
        || model.isAlphaPremultiplied()) {
      return image;
    }
    ColorModel plain =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            model.getComponentSize(),
            model.hasAlpha(),
            false,
            model.getTransparency(),
            model.getTransferType());
    return new BufferedImage(plain, image.getRaster(), false, null);
  }
}
