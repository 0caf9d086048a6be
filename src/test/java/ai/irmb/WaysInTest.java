package ai.irmb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.error.ImageException;
import ai.irmb.error.ModelConfigException;
import ai.irmb.error.WeightsException;
import ai.irmb.image.RgbImage;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every form in which images, weights and a model YAML can be given. */
@Tag("engine")
class WaysInTest {
  private static final Path WEIGHTS = Path.of("models/bccd-yolov5n_iRMB.pt");
  private static final Path CONFIG = Path.of("configs/yolov5n_iRMB.yaml");
  private static final Path IMAGE = Path.of("models/sample/blood-cells.jpg");
  private static final DetectOptions OPTIONS = DetectOptions.DEFAULTS.withClasses(0, 2);

  private static Detector detector;

  @TempDir private Path folder = Path.of("");

  @BeforeAll
  static void open() {
    detector = Detector.builder().weights(WEIGHTS).device("cpu").batchSize(2).build();
  }

  @AfterAll
  static void close() {
    detector.close();
  }

  @Test
  void everyFormOfAnImageGivesTheSame() throws IOException {
    RgbImage image = RgbImage.read(IMAGE);
    byte[] bytes = Files.readAllBytes(IMAGE);
    Detections all = detector.detect(image);
    assertEquals(15, all.size());
    assertEquals(all, detector.detect(IMAGE));
    assertEquals(all, detector.detect(bytes));
    assertEquals(all, detector.detect(new ByteArrayInputStream(bytes)));
    assertEquals(all, detector.detect(image.toBufferedImage()));
    Detections some = detector.detect(image, OPTIONS);
    assertEquals(all.list().stream().filter(d -> d.classId() != 1).toList(), some.list());
    assertFalse(some.size() == all.size());
    assertEquals(some, detector.detect(IMAGE, OPTIONS));
    assertEquals(some, detector.detect(bytes, OPTIONS));
    assertEquals(some, detector.detect(new ByteArrayInputStream(bytes), OPTIONS));
    assertEquals(some, detector.detect(image.toBufferedImage(), OPTIONS));
  }

  @Test
  void bytesThatAreNoImageAreNamed() {
    byte[] text = {'h', 'i'};
    ImageException e = assertThrows(ImageException.class, () -> detector.detect(text));
    assertTrue(String.valueOf(e.getMessage()).startsWith("bytes: this is text"), e.getMessage());
  }

  @Test
  void filesAreReadAsTheStreamGoesAndFailOneByOne() throws IOException {
    Path text = Files.writeString(folder.resolve("notes.jpg"), "no image");
    Path missing = folder.resolve("missing.jpg");
    List<Path> files = List.of(IMAGE, text, missing, IMAGE, folder.resolve("later.jpg"));
    Iterator<FileDetections> results = detector.detectFiles(files).iterator();
    Detections expected = detector.detect(IMAGE);
    List<FileDetections> list = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      list.add(results.next());
    }
    // Only now: the last batch has not been read.
    Files.copy(IMAGE, folder.resolve("later.jpg"));
    list.add(results.next());
    assertFalse(results.hasNext());
    assertEquals(files, list.stream().map(FileDetections::file).toList());
    for (int i : new int[] {0, 3, 4}) {
      assertEquals(expected, list.get(i).orThrow());
      assertNull(list.get(i).failure());
      assertTrue(list.get(i).orThrow().timings().decode() > 0);
    }
    assertInstanceOf(ImageException.class, list.get(1).failure());
    assertThrows(ImageException.class, () -> list.get(1).orThrow());
    assertThrows(NoSuchFileException.class, () -> list.get(2).orThrow());
    assertEquals(0, detector.detectFiles(List.of()).count());
  }

  private static void findsTheSame(Detector.Builder builder) throws IOException {
    Detections expected = detector.detect(IMAGE);
    try (Detector other = builder.device("cpu").build()) {
      assertEquals(expected, other.detect(IMAGE));
    }
  }

  private String config() throws IOException {
    return Files.readString(CONFIG).replaceFirst("nc: *80", "nc: 3");
  }

  @Test
  void weightsAndConfigComeFromStreams() throws IOException {
    try (InputStream weights = Files.newInputStream(WEIGHTS);
        InputStream yaml = new ByteArrayInputStream(config().getBytes(StandardCharsets.UTF_8))) {
      Detector.Builder builder =
          Detector.builder().weights(weights, "cells.pt").config(yaml, "cells.yaml");
      findsTheSame(builder);
      // Both are open, and at their ends.
      assertEquals(-1, weights.read());
      assertEquals(-1, yaml.read());
      WeightsException again =
          assertThrows(WeightsException.class, () -> Detector.load(weights).close());
      assertEquals(
          "stream: the file is empty; a checkpoint of torch.save (.pt) or a safetensors file is"
              + " expected",
          again.getMessage());
      ModelConfigException twice = assertThrows(ModelConfigException.class, builder::build);
      assertEquals(
          "cells.yaml: cannot read or write: the stream was read before; it can be read once",
          twice.getMessage());
      IllegalStateException unsendable =
          assertThrows(IllegalStateException.class, builder::settings);
      assertTrue(String.valueOf(unsendable.getMessage()).startsWith("cells.pt: settings cannot"));
    }
  }

  /** A resource has a name wherever the detector is opened, so settings can hold it. */
  @Test
  void weightsAndConfigComeFromTheClassPath() throws IOException {
    Files.copy(WEIGHTS, folder.resolve("best.pt"));
    Files.createDirectory(folder.resolve("nets"));
    Files.writeString(folder.resolve("nets/cells.yaml"), config());
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
      thread.setContextClassLoader(loader);
      findsTheSame(
          Detector.builder()
              .weights("classpath:best.pt")
              .config("classpath:/nets/cells.yaml")
              .settings()
              .toBuilder());
      try (Detector loaded = Detector.load("classpath:/best.pt")) {
        assertEquals("classpath:/best.pt", loaded.info().weights());
      }
      assertEquals(
          "classpath:worst.pt: there is no such resource on the class path",
          assertThrows(WeightsException.class, () -> Detector.load("classpath:worst.pt"))
              .getMessage());
      assertEquals(
          "classpath:worst.yaml: there is no such resource on the class path",
          assertThrows(
                  ModelConfigException.class, () -> Detector.load("classpath:worst.yaml", WEIGHTS))
              .getMessage());
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void weightsAndConfigComeFromAZip() throws IOException {
    Path zip = folder.resolve("models.zip");
    try (FileSystem files = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      Files.copy(WEIGHTS, files.getPath("best.pt"));
      Files.writeString(files.getPath("cells.yaml"), config());
    }
    try (FileSystem files = FileSystems.newFileSystem(zip)) {
      findsTheSame(
          Detector.builder().weights(files.getPath("best.pt")).config(files.getPath("cells.yaml")));
      findsTheSame(Detector.builder().weights(files.getPath("/best.pt")));
      Limits limits = Limits.DEFAULTS.with(Limit.WEIGHTS_BYTES, 1_000_000);
      Detector.Builder bounded =
          Detector.builder().weights(files.getPath("best.pt")).limits(limits);
      assertEquals(
          "best.pt: its bytes are more than the limit of 1000000; raise it with"
              + " Limits.with(Limit.WEIGHTS_BYTES, …) or --limit weights-bytes=…",
          assertThrows(WeightsException.class, bounded::build).getMessage());
      assertEquals(
          "worst.pt: there is no such file",
          assertThrows(WeightsException.class, () -> Detector.load(files.getPath("worst.pt")))
              .getMessage());
      assertThrows(IllegalStateException.class, bounded::settings);
    }
  }

  /** What is set last counts. */
  @Test
  void laterWeightsReplaceEarlierOnes() throws IOException {
    InputStream none = InputStream.nullInputStream();
    findsTheSame(
        Detector.builder()
            .weights(none, "none")
            .config(none, "none")
            .weights(WEIGHTS)
            .config("yolov5n_iRMB.yaml")
            .config(
                new ByteArrayInputStream(config().getBytes(StandardCharsets.UTF_8)), "cells.yaml"));
    Detector.Builder builder = Detector.builder().weights(none, "none").weights(WEIGHTS);
    assertEquals(WEIGHTS.toString(), builder.settings().weights());
  }

  @Test
  void infoTellsWhatRuns() {
    DetectorInfo info = detector.info();
    assertEquals("bccd-yolov5n_iRMB.pt", info.weights());
    assertEquals(List.of("RBC", "WBC", "Platelets"), List.copyOf(info.names().values()));
    assertEquals(320, info.size());
    assertEquals(List.of(8, 16, 32), info.strides());
    assertEquals("cpu", info.device());
    assertEquals(Precision.FP32, info.precision());
    assertEquals(ExecutionMode.COMPILED, info.execution());
    assertEquals(detector.attentionLayers(), info.attentionLayers());
    assertFalse(info.segments());
    assertTrue(info.engine().startsWith("PyTorch 2."), info.engine());
    assertEquals(
        "bccd-yolov5n_iRMB.pt: 3 classes, 320 pixels, strides 8 16 32, "
            + info.parameters()
            + " parameters, "
            + info.engine()
            + " on cpu, fp32",
        info.toString());
    assertThrows(
        UnsupportedOperationException.class, () -> info.names().putAll(Collections.emptyMap()));
  }
}
