package ai.irmb.image;

import java.io.IOException;

/**
 * Decodes an image format that the library does not read itself. An application adds its own with
 * {@link java.util.ServiceLoader}: a file {@code META-INF/services/ai.irmb.image.ImageDecoder} with
 * the name of the class.
 *
 * <p>The size is checked against the {@link ai.irmb.limit.Limits} before {@link #decode} is called.
 * An implementation has a public constructor without parameters and is safe for concurrent use. It
 * throws an {@link IOException} if the file is damaged and an {@link UnsupportedOperationException}
 * if it uses a feature that is not supported; the library adds the file's name to the message.
 */
public interface ImageDecoder {
  /**
   * The size of an image.
   *
   * @param width in pixels
   * @param height in pixels
   */
  record Size(long width, long height) {}

  /** {@return the name of the format in messages, such as {@code WebP}} */
  String format();

  /**
   * {@return whether a file with these first bytes has this format}
   *
   * @param head up to 64 bytes; not modified
   */
  boolean accepts(byte[] head);

  /**
   * {@return the size of the image that {@link #decode} would give, from the header alone}
   *
   * @param file the complete file; not modified
   * @throws IOException if the header is damaged
   */
  Size size(byte[] file) throws IOException;

  /**
   * {@return the first image of the file, upright}
   *
   * @param file the complete file, whose size is within the limits; not modified
   * @throws IOException if the file is damaged
   */
  RgbImage decode(byte[] file) throws IOException;
}
