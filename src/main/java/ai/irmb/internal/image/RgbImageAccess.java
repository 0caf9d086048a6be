package ai.irmb.internal.image;

import ai.irmb.image.RgbImage;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/**
 * Access to the pixel array inside {@link RgbImage} without a copy, for the library alone. {@code
 * RgbImage} registers itself here when its class is initialized, as the JDK's own packages do where
 * an exported class must share its state with an internal one.
 */
public abstract class RgbImageAccess {
  private static volatile @Nullable RgbImageAccess instance;

  /** Registers the implementation; called once, by {@link RgbImage}. */
  public static void register(RgbImageAccess access) {
    instance = access;
  }

  private static RgbImageAccess instance() {
    RgbImageAccess access = instance;
    if (access == null) {
      try {
        MethodHandles.lookup().ensureInitialized(RgbImage.class);
      } catch (IllegalAccessException e) {
        throw new AssertionError(e);
      }
      access = instance;
    }
    if (access == null) {
      throw new AssertionError("RgbImage did not register itself");
    }
    return access;
  }

  /**
   * {@return an image of these pixels}
   *
   * @param rgb (height, width, 3), kept and not copied; may be longer
   */
  static RgbImage wrap(int width, int height, byte[] rgb) {
    return instance().newImage(width, height, rgb);
  }

  /**
   * {@return the pixels themselves, at least {@code 3 * width * height} bytes; not to be written}
   */
  static byte[] pixels(RgbImage image) {
    return instance().pixelsOf(image);
  }

  protected abstract RgbImage newImage(int width, int height, byte[] rgb);

  protected abstract byte[] pixelsOf(RgbImage image);
}
