package ai.irmb.internal.image;

import ai.irmb.image.RgbImage;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;

/** Between {@link BufferedImage}s of any type and plain RGB bytes. */
public final class BufferedImages {
  private BufferedImages() {}

  public static RgbImage toRgb(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] out = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
    ColorModel model = image.getColorModel();
    if (model instanceof IndexColorModel palette) {
      copyIndexed(image.getRaster(), palette, out);
    } else if (hasIntegerComponents(model)
        && model.getColorSpace().getType() == ColorSpace.TYPE_GRAY) {
      copyGray(image.getRaster(), model.getComponentSize(0), out);
    } else if (hasIntegerComponents(model)
        && model.getColorSpace().isCS_sRGB()
        && !model.isAlphaPremultiplied()) {
      copyComponents(image.getRaster(), model, out);
    } else {
      copyConverted(image, out);
    }
    return RgbImageAccess.wrap(width, height, out);
  }

  public static BufferedImage fromRgb(RgbImage image) {
    int width = image.width();
    int height = image.height();
    BufferedImage copy = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    WritableRaster raster = copy.getRaster();
    byte[] row = new byte[3 * width];
    for (int y = 0; y < height; y++) {
      System.arraycopy(RgbImageAccess.pixels(image), y * row.length, row, 0, row.length);
      raster.setDataElements(0, y, width, 1, row);
    }
    return copy;
  }

  private static boolean hasIntegerComponents(ColorModel model) {
    int type = model.getTransferType();
    return model instanceof ComponentColorModel
        && (type == DataBuffer.TYPE_BYTE || type == DataBuffer.TYPE_USHORT);
  }

  private static void copyIndexed(Raster raster, IndexColorModel palette, byte[] out) {
    int[] colors = new int[palette.getMapSize()];
    palette.getRGBs(colors);
    int width = raster.getWidth();
    int[] row = new int[width];
    int to = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
      for (int index : row) {
        // An index past the palette is black, as Java draws it.
        to = put(out, to, index < colors.length ? colors[index] : 0);
      }
    }
  }

  /** Takes gray values from the raster, since {@code getRGB} would bend them by a gamma curve. */
  private static void copyGray(Raster raster, int bits, byte[] out) {
    int width = raster.getWidth();
    int[] row = new int[width];
    int to = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
      for (int value : row) {
        byte gray = toByte(value, bits);
        out[to++] = gray;
        out[to++] = gray;
        out[to++] = gray;
      }
    }
  }

  private static void copyComponents(Raster raster, ColorModel model, byte[] out) {
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    int red = model.getComponentSize(0);
    int green = model.getComponentSize(1);
    int blue = model.getComponentSize(2);
    int[] row = new int[width * bands];
    int to = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int at = 0; at < row.length; at += bands) {
        out[to++] = toByte(row[at], red);
        out[to++] = toByte(row[at + 1], green);
        out[to++] = toByte(row[at + 2], blue);
      }
    }
  }

  private static byte toByte(int value, int bits) {
    return (byte) (bits >= 8 ? value >> (bits - 8) : value * 255 / ((1 << bits) - 1));
  }

  /** Packed, premultiplied and exotic colors: Java's own conversion to sRGB. */
  private static void copyConverted(BufferedImage image, byte[] out) {
    int width = image.getWidth();
    int[] row = new int[width];
    int to = 0;
    boolean packed =
        image.getType() == BufferedImage.TYPE_INT_RGB
            || image.getType() == BufferedImage.TYPE_INT_ARGB;
    for (int y = 0; y < image.getHeight(); y++) {
      if (packed) {
        image.getRaster().getDataElements(0, y, width, 1, row);
      } else {
        image.getRGB(0, y, width, 1, row, 0, width);
      }
      for (int color : row) {
        to = put(out, to, color);
      }
    }
  }

  private static int put(byte[] out, int at, int color) {
    out[at] = (byte) (color >> 16);
    out[at + 1] = (byte) (color >> 8);
    out[at + 2] = (byte) color;
    return at + 3;
  }
}
