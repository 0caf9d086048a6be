package ai.irmb;

import ai.irmb.error.IrmbException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import javax.imageio.ImageIO;

/** A program that opens an image and weights that do not fit its heap. */
public final class SmallHeap {
  private static final long LARGE = 200L << 20;

  private SmallHeap() {}

  /**
   * Runs.
   *
   * @param arguments weights, an image, a folder to write to
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[2]);
    Path large = folder.resolve("large.png");
    // One bit per pixel in the file, three bytes per pixel when read.
    ImageIO.write(
        new BufferedImage(6_000, 6_000, BufferedImage.TYPE_BYTE_BINARY), "png", large.toFile());
    Path weights = folder.resolve("large.safetensors");
    writeLarge(weights);
    Path image = Path.of(arguments[1]);
    try (Detector detector =
        Detector.builder().weights(Path.of(arguments[0])).device("cpu").build()) {
      Detections expected = detector.detect(image);
      report(() -> detector.detect(large));
      report(() -> Detector.load(weights).close());
      System.out.println(expected.equals(detector.detect(image)) ? "the same" : "others");
    }
  }

  /** An action that fails. */
  private interface Failing {
    void run() throws IOException;
  }

  private static void report(Failing action) throws IOException {
    try {
      action.run();
      System.out.println("no failure");
    } catch (IrmbException e) {
      System.out.println(e.getClass().getSimpleName());
      System.out.println(e.getMessage());
    }
  }

  /** A sparse file with one tensor. */
  private static void writeLarge(Path file) throws IOException {
    String header =
        "{\"w\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[0,%d]}}".formatted(LARGE, LARGE);
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer head =
        ByteBuffer.allocate(8 + text.length).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length);
    Files.createFile(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(head.put(text).flip());
      channel.write(ByteBuffer.wrap(new byte[1]), 8 + text.length + LARGE - 1);
    }
  }
}
