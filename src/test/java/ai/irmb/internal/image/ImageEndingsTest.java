package ai.irmb.internal.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("fast")
class ImageEndingsTest {
  @ParameterizedTest
  @CsvSource({
    "a.jpg, READABLE WRITABLE YOLOV5",
    "a.b.JPEG, READABLE WRITABLE YOLOV5",
    "a.Png, READABLE WRITABLE YOLOV5",
    "a.bmp, READABLE YOLOV5",
    "a.gif, READABLE",
    "a.tif, READABLE YOLOV5",
    "a.tiff, READABLE YOLOV5",
    "a.webp, READABLE YOLOV5",
    "a.dng, UNREADABLE YOLOV5",
    "a.mpo, READABLE YOLOV5",
    "a.pfm, UNREADABLE YOLOV5",
    "a.heic, UNREADABLE",
    "a.jfif, READABLE",
  })
  void setsContainTheirEndings(String name, String sets) {
    Set<ImageEndings> matching =
        EnumSet.allOf(ImageEndings.class).stream()
            .filter(endings -> endings.matches(name))
            .collect(Collectors.toSet());
    assertEquals(
        Set.of(sets.split(" ", -1)), matching.stream().map(Enum::name).collect(Collectors.toSet()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "a.png.txt", "a.", "", "a.jpgg", "a.jp"})
  void otherNamesMatchNoSet(String name) {
    for (ImageEndings endings : ImageEndings.values()) {
      assertFalse(endings.matches(name), endings + " " + name);
    }
  }

  @Test
  void onlyTheFileNameCounts() {
    assertTrue(ImageEndings.READABLE.matches(Path.of("folder.txt", "line\nfeed.png")));
    assertFalse(ImageEndings.READABLE.matches(Path.of("folder.png", "a")));
    assertFalse(ImageEndings.READABLE.matches(Path.of("/")));
  }
}
