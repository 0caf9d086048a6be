package ai.irmb.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.util.Utils;
import ai.irmb.error.InferenceException;
import ai.irmb.internal.platform.Platform;
import ai.irmb.internal.platform.PrivateFolders;
import ai.irmb.testing.ChildJvm;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder of the natives in child JVMs: who may write to it, and libraries cut short. */
@Tag("engine")
class NativeCacheTest {
  @TempDir private Path folder = Path.of("");

  /** Prints what is chosen and then, if asked for, the engine. */
  static final class Probe {
    private Probe() {}

    public static void main(String[] args) {
      try {
        EngineProperties.preset();
        NativeCache.prepare(new BundledNatives(Probe.class.getClassLoader()));
        System.out.println("cache " + Utils.getEngineCacheDir());
        System.out.println("jna " + System.getProperty("jna.tmpdir"));
        if (args.length > 0) {
          System.out.println("engine " + PyTorchEngine.get().describe());
        }
      } catch (InferenceException e) {
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

  private List<String> run(Path cache, String... arguments)
      throws IOException, InterruptedException {
    ChildJvm.Result result =
        new ChildJvm(folder)
            .environment("DJL_CACHE_DIR", cache.toString())
            .run(Probe.class, arguments);
    assertEquals(0, result.code(), result.err());
    return result.out().lines().toList();
  }

  @Test
  void nativesAreNotLoadedFromWhereOthersWrite() throws IOException, InterruptedException {
    Path cache = Files.createDirectory(folder.resolve("cache"));
    Files.setAttribute(cache, "unix:mode", 0777);
    String refusal = run(cache, "engine").get(0);
    assertEquals(
        "error the engine's natives are not loaded from "
            + cache
            + ", because other users may write to "
            + cache
            + " (mode 777), who could exchange them; change that, or set the environment variable"
            + " DJL_CACHE_DIR to a folder of your own",
        refusal);
  }

  @Test
  void libraryThatOthersWriteIsRefused() throws IOException, InterruptedException {
    Path cache = Files.createDirectory(folder.resolve("cache"));
    Path version = Files.createDirectories(cache.resolve("pytorch").resolve(versionName()));
    Path library = Files.createFile(version.resolve("libtorch.so"));
    Files.setAttribute(library, "unix:mode", 0666);
    String refusal = run(cache).get(0);
    assertTrue(refusal.startsWith("error the engine's natives are not loaded from " + library));
  }

  @Test
  void folderIsThisUsersOwnIfTheHomeIsNotWritable() throws IOException, InterruptedException {
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Files.setAttribute(temporary, "unix:mode", 01777);
    Path planted = Files.createDirectories(temporary.resolve(".djl.ai/pytorch"));
    ChildJvm.Result result =
        new ChildJvm(folder)
            .environment("DJL_CACHE_DIR", "")
            .prefix("env", "-u", "DJL_CACHE_DIR")
            .run(NoHome.class);
    assertEquals(0, result.code(), result.err());
    Path own = temporary.resolve(".djl.ai-" + PrivateFolders.user());
    assertEquals(
        List.of("cache " + own, "jna " + own.resolve("jna")), result.out().lines().toList());
    for (Path each : List.of(own, own.resolve("jna"), own.resolve("pytorch"))) {
      assertEquals(0700, (int) Files.getAttribute(each, "unix:mode") & 07777, each.toString());
    }
    try (Stream<Path> files = Files.list(planted)) {
      assertEquals(0, files.count());
    }
  }

  /** As in a container whose user has no home. */
  static final class NoHome {
    private NoHome() {}

    public static void main(String[] args) {
      System.setProperty("user.home", "/there/is/no/such/home");
      Probe.main(args);
    }
  }

  @Test
  void libraryThatWasCutShortIsUnpackedAgain() throws IOException, InterruptedException {
    Path usual = ChildJvm.cache().resolve("pytorch").resolve(versionName());
    assumeTrue(Files.isDirectory(usual), "the engine has never been loaded from " + usual);
    Path cache = Files.createDirectory(folder.resolve("cache"));
    Path version = Files.createDirectories(cache.resolve("pytorch").resolve(versionName()));
    try (Stream<Path> files = Files.list(usual)) {
      for (Path file : files.toList()) {
        Path copy = version.resolve(Objects.requireNonNull(file.getFileName()));
        Files.copy(file, copy);
      }
    }
    Path library = version.resolve("libtorch_cpu.so");
    long length = Files.size(library);
    try (FileChannel channel = FileChannel.open(library, StandardOpenOption.WRITE)) {
      channel.truncate(length / 2);
    }
    List<String> lines = run(cache, "engine");
    assertEquals("engine " + PyTorchEngine.get().describe(), lines.get(lines.size() - 1));
    assertEquals(length, Files.size(library));
  }

  @Test
  void libraryThatWasCutShortIsNamedIfItCannotBeReplaced()
      throws IOException, InterruptedException {
    Path cache = Files.createDirectory(folder.resolve("cache"));
    Path version = Files.createDirectories(cache.resolve("pytorch").resolve(versionName()));
    Path library = Files.write(version.resolve("libc10.so"), new byte[1000]);
    Files.createDirectories(version.resolve("kept/kept"));
    String refusal = run(cache).get(0);
    assertTrue(refusal.startsWith("error " + library + " has 1000 bytes, but "), refusal);
    assertTrue(
        refusal.endsWith(" in its jar: it was cut short; delete the folder " + version), refusal);
  }

  private static String versionName() {
    BundledNatives natives = new BundledNatives(NativeCacheTest.class.getClassLoader());
    var properties = natives.propertiesOf(BundledNatives.NATIVES).get(0);
    assertFalse(properties.isEmpty());
    return properties.getProperty("version")
        + "-"
        + properties.getProperty("flavor")
        + "-"
        + properties.getProperty("classifier");
  }
}
