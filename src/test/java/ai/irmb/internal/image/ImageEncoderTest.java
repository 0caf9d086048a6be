package ai.irmb.internal.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("fast")
class ImageEncoderTest {
  @TempDir Path folder;

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  @Test
  void writesPngExactlyAndJpegNearly() throws IOException {
    RgbImage noise = Images.noise(30, 20, 1);
    ImageEncoder.write(noise, folder.resolve("a.PNG"));
    Images.assertSame(noise, RgbImage.read(folder.resolve("a.PNG")));
    RgbImage flat = RgbImage.of(8, 8, new byte[192]);
    ImageEncoder.write(flat, folder.resolve("b.jpg"));
    ImageEncoder.write(flat, folder.resolve("b.jpg"));
    Images.assertClose(flat, RgbImage.read(folder.resolve("b.jpg")), 2);
    assertEquals(List.of("a.PNG", "b.jpg"), names());
  }

  @Test
  void leavesNothingBehindWhenItFails() throws IOException {
    RgbImage image = Images.noise(3, 2, 1);
    Path missing = folder.resolve("no/such/a.png");
    IOException e = assertThrows(IOException.class, () -> ImageEncoder.write(image, missing));
    assertTrue(e.toString().contains("a.png was not written: "), e.toString());
    Path taken = Files.createDirectories(folder.resolve("a.png/inside"));
    assertThrows(IOException.class, () -> ImageEncoder.write(image, folder.resolve("a.png")));
    assertTrue(Files.isDirectory(taken));
    assertEquals(List.of("a.png"), names());
  }

  @Test
  void refusesOtherEndings() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> ImageEncoder.write(Images.noise(1, 1, 1), folder.resolve("a.tiff")));
    assertEquals("a.tiff: the name must end in .png, .jpg or .jpeg", e.getMessage());
  }
}
