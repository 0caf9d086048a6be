package ai.irmb.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.irmb.internal.platform.Platform;
import ai.irmb.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder of JavaCV's natives in child JVMs. */
@Tag("fast")
class VideoNativesTest {
  @TempDir private Path folder = Path.of("");

  /** Prints the property afterwards, or the refusal. */
  static final class Probe {
    private Probe() {}

    public static void main(String[] args) {
      if (args.length > 0) {
        System.setProperty("user.home", args[0]);
      }
      try {
        VideoNatives.prepare();
        System.out.println(EngineProperties.videoFolder());
      } catch (IOException e) {
        System.out.println("error " + e.getMessage());
      }
    }
  }

  @BeforeEach
  void openToOthers() throws IOException {
    assumeTrue(Platform.isLinux());
    folder = folder.toRealPath();
    Files.setAttribute(folder, "unix:mode", 0755);
  }

  private static String run(ChildJvm jvm, String... home) throws IOException, InterruptedException {
    ChildJvm.Result result = jvm.run(Probe.class, home);
    assertEquals(0, result.code(), result.err());
    return result.out().strip();
  }

  @Test
  void refusesAFolderThatOthersWrite() throws IOException, InterruptedException {
    Path open = Files.createDirectory(folder.resolve("open"));
    Files.setAttribute(open, "unix:mode", 0777);
    String option = "-Dorg.bytedeco.javacpp.cachedir=" + open;
    String refusal = run(new ChildJvm(folder).options(option));
    assertTrue(refusal.startsWith("error " + open + ": FFmpeg is not loaded"), refusal);
    assertTrue(refusal.contains("(mode 777), who could exchange it"), refusal);
    assertEquals(
        open.toString(), run(new ChildJvm(folder).options(option, "-Dirmb.cache.trusted=true")));
  }

  @Test
  void leavesTheFolderInAWritableHome() throws IOException, InterruptedException {
    assertEquals("null", run(new ChildJvm(folder)));
    assertTrue(Files.isDirectory(folder.resolve("home/.javacpp/cache")));
  }

  @Test
  void withoutAHomeTheFolderIsOfThisUserAlone() throws IOException, InterruptedException {
    Path own = Path.of(run(new ChildJvm(folder), "?"));
    assertTrue(own.startsWith(folder.resolve("tmp")) && own.endsWith("cache"), own.toString());
    assertEquals(0700, (int) Files.getAttribute(own, "unix:mode") & 0777);
    assertFalse(Files.exists(folder.resolve("home/.javacpp")));
  }
}
