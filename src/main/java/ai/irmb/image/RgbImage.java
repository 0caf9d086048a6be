package ai.irmb.image;

import static java.util.Objects.requireNonNull;

import ai.irmb.error.ImageException;
import ai.irmb.internal.image.BufferedImages;
import ai.irmb.internal.image.ByteSource;
import ai.irmb.internal.image.ImageEncoder;
import ai.irmb.internal.image.ImageFiles;
import ai.irmb.internal.image.ImageFormat;
import ai.irmb.internal.image.Orientation;
import ai.irmb.internal.image.RgbImageAccess;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/**
 * An image in memory: 8-bit R, G, B, rows from the top, pixels from the left, upright.
 *
 * <p>Reading gives the bytes that OpenCV's {@code imread} gives upstream (in the order R G B): the
 * first bytes of the file decide the format (JPEG, PNG, BMP, the first frame of a GIF; with
 * TwelveMonkeys also WebP and TIFF; others through an {@link ImageDecoder}), an EXIF orientation is
 * applied, alpha is dropped without blending, of 16 bits the high byte is kept, color profiles are
 * ignored. Unlike OpenCV, an image with missing or damaged pixels is an error unless {@link
 * ReadOptions#acceptTruncated} is set. As in OpenCV, a missing end marker and a damaged chunk that
 * does not affect the pixels are none.
 *
 * <p>Memory while reading is at most 6 bytes a pixel and 32 MB, with an {@link ImageDecoder} what
 * that takes and the file. A JPEG in several scans whose colors are not subsampled takes up to 3
 * bytes a pixel more inside the JDK's decoder; it has to be as much smaller, so that no image takes
 * more than the largest does.
 *
 * <p>Immutable and safe for concurrent use.
 */
public final class RgbImage {
  static {
    RgbImageAccess.register(
        new RgbImageAccess() {
          @Override
          protected RgbImage newImage(int width, int height, byte[] rgb) {
            return new RgbImage(width, height, rgb);
          }

          @Override
          protected byte[] pixelsOf(RgbImage image) {
            return image.pixels;
          }
        });
  }

  private final int width;
  private final int height;
  private final byte[] pixels;

  /**
   * @param pixels (height, width, 3), kept and not copied; may be longer
   */
  private RgbImage(int width, int height, byte[] pixels) {
    this.width = width;
    this.height = height;
    this.pixels = pixels;
  }

  /**
   * {@return the image in a file, with {@link ReadOptions#DEFAULTS}}
   *
   * @param file a JPEG, PNG, BMP or GIF, whatever its name says
   * @throws IOException if the file system fails
   * @throws ImageException if the content is no such image, damaged, or beyond the limits
   */
  public static RgbImage read(Path file) throws IOException {
    return read(file, ReadOptions.DEFAULTS);
  }

  /**
   * {@return the image in a file}
   *
   * @param file a JPEG, PNG, BMP or GIF, whatever its name says
   * @param options limits, and what to do with a truncated image
   * @throws IOException if the file system fails
   * @throws ImageException if the content is no such image, damaged, or beyond the limits
   */
  public static RgbImage read(Path file, ReadOptions options) throws IOException {
    try (InputStream in = ImageFiles.open(file)) {
      return read(in, file.toString(), options);
    }
  }

  /**
   * {@return the image that begins where the stream stands}
   *
   * @param in read up to the image's end and perhaps a little beyond; not closed
   * @param name what messages call it
   * @param options limits, and what to do with a truncated image
   * @throws IOException if the stream fails
   * @throws ImageException if the content is no such image, damaged, or beyond the limits
   */
  public static RgbImage read(InputStream in, String name, ReadOptions options) throws IOException {
    requireNonNull(in, "in");
    requireNonNull(name, "name");
    requireNonNull(options, "options");
    try {
      return ImageFormat.read(new ByteSource(name, in), options);
    } catch (OutOfMemoryError e) {
      // The one large allocation failed, and nothing else can have been harmed by it.
      throw new ImageException(
          name + ": the image is too large for the memory of this JVM",
          e,
          ImageException.Reason.OUT_OF_MEMORY);
    }
  }

  /**
   * {@return the image in these bytes, with {@link ReadOptions#DEFAULTS}}
   *
   * @param file the bytes of a JPEG, PNG, BMP or GIF; not modified
   * @param name what messages call it
   * @throws ImageException if the content is no such image, damaged, or beyond the limits
   */
  public static RgbImage read(byte[] file, String name) {
    return read(file, name, ReadOptions.DEFAULTS);
  }

  /**
   * {@return the image in these bytes}
   *
   * @param file the bytes of a JPEG, PNG, BMP or GIF; not modified
   * @param name what messages call it
   * @param options limits, and what to do with a truncated image
   * @throws ImageException if the content is no such image, damaged, or beyond the limits
   */
  public static RgbImage read(byte[] file, String name, ReadOptions options) {
    try {
      return read(new ByteArrayInputStream(requireNonNull(file, "file")), name, options);
    } catch (IOException e) {
      throw new UncheckedIOException("an array cannot fail to be read", e);
    }
  }

  /**
   * {@return the image's colors, copied}
   *
   * <p>Alpha is dropped without blending (premultiplied colors are divided by it), of 16 bits the
   * high byte is kept, gray values are taken as they are.
   *
   * @param image of any type; not modified
   */
  public static RgbImage of(BufferedImage image) {
    return BufferedImages.toRgb(requireNonNull(image, "image"));
  }

  /**
   * {@return an image of these pixels, which are copied}
   *
   * @param width in pixels, at least 1
   * @param height in pixels, at least 1
   * @param rgb R, G, B of each pixel, row by row from the top: {@code width * height * 3} bytes
   * @throws IllegalArgumentException if a side is not positive or the length is not right
   */
  public static RgbImage of(int width, int height, byte[] rgb) {
    requireNonNull(rgb, "rgb");
    if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
      throw new IllegalArgumentException(
          width + " x " + height + " pixels do not have " + rgb.length + " bytes");
    }
    return new RgbImage(width, height, rgb.clone());
  }

  /**
   * {@return an image of the pixels in a buffer, which are copied}
   *
   * @param pixels row by row from the top without gaps, from the buffer's position on; not modified
   * @param width in pixels, at least 1
   * @param height in pixels, at least 1
   * @param format the channels of a pixel
   * @throws IllegalArgumentException if a side is not positive or the buffer is too short
   */
  public static RgbImage of(ByteBuffer pixels, int width, int height, PixelFormat format) {
    long stride = (long) format.bytesPerPixel() * width;
    return of(pixels, width, height, format, (int) Math.min(stride, Integer.MAX_VALUE));
  }

  /**
   * {@return an image of the pixels in a buffer, which are copied}
   *
   * @param pixels row by row from the top, from the buffer's position on; not modified
   * @param width in pixels, at least 1
   * @param height in pixels, at least 1
   * @param format the channels of a pixel
   * @param stride bytes from the start of one row to that of the next
   * @throws IllegalArgumentException if a side is not positive, the image has more than 2^31 - 9
   *     bytes, a row is longer than the stride, or the buffer is too short
   */
  public static RgbImage of(
      ByteBuffer pixels, int width, int height, PixelFormat format, int stride) {
    requireNonNull(pixels, "pixels");
    long row = (long) format.bytesPerPixel() * width;
    if (width < 1 || height < 1 || 3L * width * height > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "size: " + width + " x " + height + " pixels are no image that fits into an array");
    }
    if (stride < row) {
      throw new IllegalArgumentException(
          "stride: " + width + " pixels of " + format + " have " + row + " bytes, not " + stride);
    }
    long length = (height - 1L) * stride + row;
    if (pixels.remaining() < length) {
      throw new IllegalArgumentException(
          "pixels: expected " + length + " bytes, found " + pixels.remaining());
    }
    byte[] rgb = new byte[3 * width * height];
    byte[] from = new byte[(int) row];
    for (int y = 0; y < height; y++) {
      pixels.get(pixels.position() + y * stride, from);
      format.toRgb(from, rgb, 3 * y * width, width);
    }
    return new RgbImage(width, height, rgb);
  }

  /** {@return the width in pixels, at least 1} */
  public int width() {
    return width;
  }

  /** {@return the height in pixels, at least 1} */
  public int height() {
    return height;
  }

  /**
   * {@return one pixel as {@code 0xRRGGBB}}
   *
   * @param x from the left, from 0
   * @param y from the top, from 0
   * @throws IndexOutOfBoundsException if it is outside
   */
  public int rgb(int x, int y) {
    Objects.checkIndex(x, width);
    Objects.checkIndex(y, height);
    int at = 3 * (y * width + x);
    return (pixels[at] & 0xFF) << 16 | (pixels[at + 1] & 0xFF) << 8 | (pixels[at + 2] & 0xFF);
  }

  /**
   * {@return a part of the image, copied}
   *
   * @param x first column
   * @param y first row
   * @param cropWidth columns, at least 1
   * @param cropHeight rows, at least 1
   * @throws IndexOutOfBoundsException if it is not inside the image
   * @throws IllegalArgumentException if a side is not positive
   */
  public RgbImage crop(int x, int y, int cropWidth, int cropHeight) {
    Objects.checkFromIndexSize(x, cropWidth, width);
    Objects.checkFromIndexSize(y, cropHeight, height);
    if (cropWidth == 0 || cropHeight == 0) {
      throw new IllegalArgumentException("a part of " + cropWidth + " x " + cropHeight + " pixels");
    }
    byte[] part = new byte[3 * cropWidth * cropHeight];
    for (int row = 0; row < cropHeight; row++) {
      int from = 3 * ((y + row) * width + x);
      System.arraycopy(pixels, from, part, 3 * row * cropWidth, 3 * cropWidth);
    }
    return new RgbImage(cropWidth, cropHeight, part);
  }

  /**
   * {@return this image, rotated}
   *
   * @param quarterTurns number of rotations by 90 degrees, 0 to 3
   * @throws IllegalArgumentException if it is another number
   */
  public RgbImage rotatedClockwise(int quarterTurns) {
    return switch (quarterTurns) {
      case 0 -> this;
      case 1 -> Orientation.ROTATE_CLOCKWISE.toUpright(this);
      case 2 -> Orientation.ROTATE_180.toUpright(this);
      case 3 -> Orientation.ROTATE_COUNTERCLOCKWISE.toUpright(this);
      default ->
          throw new IllegalArgumentException("quarterTurns: expected 0 to 3, not " + quarterTurns);
    };
  }

  /** {@return R, G, B of each pixel, row by row from the top, in a new array} */
  public byte[] toBytes() {
    return Arrays.copyOf(pixels, 3 * width * height);
  }

  /**
   * Writes this image as PNG or JPEG (quality 95), chosen by the ending of the file name.
   *
   * <p>The file is written atomically: into a temporary file, which then replaces a file of the
   * same name.
   *
   * @param file ends in .png, .jpg or .jpeg; its folder exists
   * @throws IOException if the file system fails; no temporary file is left
   * @throws IllegalArgumentException if the name has another ending
   */
  public void write(Path file) throws IOException {
    ImageEncoder.write(this, file);
  }

  /** {@return the same image as a new {@code TYPE_3BYTE_BGR}} */
  public BufferedImage toBufferedImage() {
    return BufferedImages.fromRgb(this);
  }

  @Override
  public String toString() {
    return width + " x " + height + " pixels";
  }
}
