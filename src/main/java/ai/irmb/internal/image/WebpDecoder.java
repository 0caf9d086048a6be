package ai.irmb.internal.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import ai.irmb.image.ImageDecoder;
import ai.irmb.image.RgbImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Reads WebP with TwelveMonkeys. The EXIF orientation is ignored, as by OpenCV 4.6. */
final class WebpDecoder implements ImageDecoder {
  private static final TwelveMonkeys PLUG_IN =
      new TwelveMonkeys(
          "imageio-webp", "com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi");

  private static final int RIFF_HEADER = 12;
  private static final int CHUNK_HEADER = 8;

  @Override
  public String format() {
    return "WebP";
  }

  @Override
  public boolean accepts(byte[] head) {
    String text = new String(head, ISO_8859_1);
    return text.startsWith("RIFF") && text.startsWith("WEBP", 8);
  }

  /** Walks all chunks, since the decoder allocates the size that each of them declares. */
  @Override
  public Size size(byte[] file) throws IOException {
    PLUG_IN.require();
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    Size canvas = null;
    Size image = null;
    int at = RIFF_HEADER;
    while (file.length - at >= CHUNK_HEADER) {
      String type = new String(file, at, 4, ISO_8859_1);
      long length = bytes.getInt(at + 4) & 0xFFFF_FFFFL;
      int start = at + CHUNK_HEADER;
      if (length > file.length - start) {
        throw new IOException("the file is truncated within the chunk at byte " + at);
      }
      switch (type) {
        case "VP8X" -> canvas = unique(type, canvas, canvas(bytes, start, length));
        case "VP8 " -> image = unique(type, image, lossy(bytes, start, length));
        case "VP8L" -> image = unique(type, image, lossless(bytes, start, length));
        case "ANIM", "ANMF" ->
            throw new UnsupportedOperationException("animations are not supported");
        default -> {}
      }
      at = (int) Math.min(file.length, start + length + (length & 1));
    }
    if (image == null) {
      throw new IOException("the file ends before its image");
    }
    if (canvas != null && !canvas.equals(image)) {
      throw new IOException("the canvas is " + canvas + ", the image " + image);
    }
    return image;
  }

  @Override
  public RgbImage decode(byte[] file) throws IOException {
    return PLUG_IN.read(file);
  }

  private static Size unique(String type, @Nullable Size earlier, Size size) throws IOException {
    if (earlier != null) {
      throw new IOException("a second size is in chunk " + type);
    }
    return size;
  }

  private static Size canvas(ByteBuffer bytes, int start, long length) throws IOException {
    require(length >= 10, "VP8X");
    int width = bytes.getInt(start + 4) & 0xFFFFFF;
    int height = bytes.getInt(start + 6) >>> 8;
    return new Size(width + 1L, height + 1L);
  }

  private static Size lossy(ByteBuffer bytes, int start, long length) throws IOException {
    require(length >= 10 && (bytes.getInt(start + 2) >>> 8) == 0x2A019D, "VP8");
    return new Size(bytes.getShort(start + 6) & 0x3FFF, bytes.getShort(start + 8) & 0x3FFF);
  }

  private static Size lossless(ByteBuffer bytes, int start, long length) throws IOException {
    require(length >= 5 && bytes.get(start) == 0x2F, "VP8L");
    int sides = bytes.getInt(start + 1);
    return new Size((sides & 0x3FFF) + 1L, (sides >>> 14 & 0x3FFF) + 1L);
  }

  private static void require(boolean isValid, String chunk) throws IOException {
    if (!isValid) {
      throw new IOException("the header of chunk " + chunk + " is wrong");
    }
  }
}
