package ai.irmb.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.error.ImageException;
import ai.irmb.image.RgbImage;
import ai.irmb.limit.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Videos with JavaCV (profile video), and the sentence without. */
@Tag("fast")
class VideoTest {
  @TempDir private Path folder = Path.of("");

  private static boolean hasJavaCv() {
    return System.getProperty("irmb.video", "").equals("compile");
  }

  private static RgbImage filled(int width, int height, int red, int green, int blue) {
    byte[] pixels = new byte[3 * width * height];
    for (int i = 0; i < pixels.length; i += 3) {
      pixels[i] = (byte) red;
      pixels[i + 1] = (byte) green;
      pixels[i + 2] = (byte) blue;
    }
    return RgbImage.of(width, height, pixels);
  }

  private Path written(int width, int height, int frames) throws IOException {
    Path file = folder.resolve(width + ".mp4");
    try (FrameWriter writer = Video.create(file, width, height, 10)) {
      for (int i = 0; i < frames; i++) {
        writer.add(filled(width, height, 20 * i, 200 - 20 * i, 90));
      }
      assertFalse(Files.exists(file), "it is there before it is finished");
      writer.finish();
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertFalse(files.anyMatch(f -> f.toString().endsWith(".tmp")));
    }
    return file;
  }

  @Test
  void sayWhatToAddWhereJavaCvIsNotThere() throws IOException {
    Assumptions.assumeFalse(hasJavaCv(), "JavaCV is there");
    Path file = Files.write(folder.resolve("v.mp4"), new byte[100]);
    for (Exception e :
        Arrays.asList(
            assertThrows(ImageException.class, () -> Video.open(file, "my.mp4", Limits.DEFAULTS)),
            assertThrows(
                ImageException.class, () -> Video.openCamera("camera:0", Limits.DEFAULTS)))) {
      String message = String.valueOf(e.getMessage());
      assertTrue(message.contains("org.bytedeco:javacv 1.5.14"), message);
      assertTrue(message.contains("org.bytedeco:ffmpeg-platform"), message);
      assertTrue(message.contains("mvn -Pvideo package"), message);
    }
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Assumptions.assumeTrue(hasJavaCv(), "needs profile video");
    for (int width : new int[] {64, 65}) {
      Path file = written(width, 48, 6);
      try (FrameReader reader = Video.open(file, "v.mp4", Limits.DEFAULTS)) {
        assertEquals(10, reader.frameRate(), 0.01);
        assertEquals(6, reader.frameCount());
        for (int i = 0; i < 6; i++) {
          RgbImage frame = reader.next();
          assertNotNull(frame);
          assertEquals(64, frame.width());
          assertEquals(48, frame.height());
          assertEquals(20 * i, frame.rgb(30, 20) >> 16, 12);
          assertEquals(90, frame.rgb(30, 20) & 0xFF, 12);
        }
        assertNull(reader.next());
      }
    }
  }

  @Test
  void damagedVideosAreToldByName() throws IOException {
    Assumptions.assumeTrue(hasJavaCv(), "needs profile video");
    Path good = written(64, 48, 3);
    byte[] bytes = Files.readAllBytes(good);
    Path text = Files.writeString(folder.resolve("text.mp4"), "no video");
    Path cut = Files.write(folder.resolve("cut.mp4"), Arrays.copyOf(bytes, bytes.length / 2));
    Path list =
        Files.writeString(
            folder.resolve("list.mp4"), "#EXTM3U\n#EXTINF:9,\nhttp://127.0.0.1:9/x.ts\n");
    for (Path file : new Path[] {text, cut, list, folder.resolve("none.mp4")}) {
      ImageException e =
          assertThrows(
              ImageException.class,
              () -> Video.open(file, "the " + file.getFileName(), Limits.DEFAULTS).close());
      String message = String.valueOf(e.getMessage());
      assertTrue(message.startsWith("the " + file.getFileName()), message);
      assertEquals(1, message.lines().count(), message);
    }
    ImageException camera =
        assertThrows(ImageException.class, () -> Video.openCamera("camera:77", Limits.DEFAULTS));
    assertTrue(String.valueOf(camera.getMessage()).contains("camera:77"), camera.getMessage());
  }

  @Test
  void unfinishedVideoLeavesNothing() throws IOException {
    Assumptions.assumeTrue(hasJavaCv(), "needs profile video");
    try (FrameWriter writer = Video.create(folder.resolve("x.mp4"), 64, 48, 10)) {
      writer.add(filled(64, 48, 1, 2, 3));
      assertThrows(ImageException.class, () -> writer.add(filled(32, 48, 1, 2, 3)));
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void namesTellVideosAndCameras() {
    assertTrue(Video.isVideo("A.MP4"));
    assertFalse(Video.isVideo("a.png"));
    assertTrue(Video.isCamera("camera:0"));
    assertFalse(Video.isCamera("camera:front"));
  }
}
