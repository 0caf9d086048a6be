package ai.irmb.internal.image;

import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriter;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.spi.ImageReaderWriterSpi;
import javax.imageio.spi.ImageWriterSpi;

/**
 * The JDK's own ImageIO readers and writers, even if the application has plug-ins for the format.
 */
final class JdkImageCodecs {
  private JdkImageCodecs() {}

  /**
   * {@return a new reader}
   *
   * @throws IOException if the JVM has none
   */
  static ImageReader reader(String format) throws IOException {
    return provider(ImageReaderSpi.class, format).createReaderInstance();
  }

  /**
   * {@return a new writer}
   *
   * @throws IOException if the JVM has none
   */
  static ImageWriter writer(String format) throws IOException {
    return provider(ImageWriterSpi.class, format).createWriterInstance();
  }

  private static <T extends ImageReaderWriterSpi> T provider(Class<T> kind, String format)
      throws IOException {
    Iterator<T> providers =
        IIORegistry.getDefaultInstance()
            .getServiceProviders(kind, provider -> isJdk(provider, format), true);
    if (!providers.hasNext()) {
      throw new IOException("the JDK's codec for " + format + " is missing from this JVM");
    }
    return providers.next();
  }

  private static boolean isJdk(Object provider, String format) {
    if (provider.getClass().getModule() != ImageIO.class.getModule()) {
      return false;
    }
    for (String name : ((ImageReaderWriterSpi) provider).getFormatNames()) {
      if (name.toLowerCase(Locale.ROOT).equals(format)) {
        return true;
      }
    }
    return false;
  }
}
