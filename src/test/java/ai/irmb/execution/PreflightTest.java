package ai.irmb.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An engine that does not load says what to do, in one sentence. */
class PreflightTest {
  @TempDir private Path folder = Path.of("");

  private static void says(ChildJvm jvm, String... words) throws IOException, InterruptedException {
    ChildJvm.Result result = jvm.run(LoadsEngine.class);
    assertEquals(0, result.code(), result.err());
    assertEquals(1, result.out().lines().count(), result.out());
    assertContains(result.out(), words);
    assertEquals(Set.of(), result.written());
  }

  private static void assertContains(String sentence, String... words) {
    for (String word : words) {
      assertTrue(sentence.contains(word), sentence + " lacks " + word);
    }
  }

  private ChildJvm jvm() {
    return new ChildJvm(folder);
  }

  @Test
  void loadsWhereEverythingIsThere() throws IOException, InterruptedException {
    says(jvm(), "PyTorch ");
  }

  @Test
  void namesTheNativesThatAreMissing() throws IOException, InterruptedException {
    says(
        jvm()
            .without(part -> part.contains("pytorch-native") || part.contains("pytorch-jni"))
            .environment("DJL_CACHE_DIR", folder.resolve("empty").toAbsolutePath().toString()),
        "not on the class path",
        "ai.djl.pytorch:pytorch-native-cpu:2.7.1:",
        "ai.djl.pytorch:pytorch-jni:2.7.1-0.36.0");
  }

  @Test
  void namesTheEngineThatIsMissing() throws IOException, InterruptedException {
    says(jvm().without(part -> part.contains("pytorch-engine")), "ai.djl.pytorch:pytorch-engine:");
  }

  @Test
  void namesTheCacheFolderThatCannotBeWritten() throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("file"), "not a folder");
    says(
        jvm().environment("DJL_CACHE_DIR", file.resolve("cache").toAbsolutePath().toString()),
        "cache folder that cannot be written",
        "DJL_CACHE_DIR");
  }

  @Test
  void namesThePairWhenNativesDoNotLoad() throws IOException, InterruptedException {
    Path natives = Files.createDirectories(folder.resolve("natives"));
    for (String library : new String[] {"c10", "torch_cpu", "torch", "gomp"}) {
      Files.writeString(natives.resolve(System.mapLibraryName(library)), "damaged");
    }
    says(
        jvm().environment("PYTORCH_LIBRARY_PATH", natives.toAbsolutePath().toString()),
        "do not load",
        "2.7.1-0.36.0",
        "2.3.1-0.29.0");
  }

  /** There is no musl here: this is what its loader says. */
  @Test
  void namesMusl() {
    assertContains(
        Preflight.explain(
            new IllegalStateException(
                "Failed to load",
                new UnsatisfiedLinkError(
                    "libc10.so: Error loading shared library ld-linux-x86-64.so.2: No such file"
                        + " (needed by libc10.so), /lib/ld-musl-x86_64.so.1"))),
        "glibc",
        "Alpine");
  }
}
