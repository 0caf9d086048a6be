package ai.irmb.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.pytorch.jni.JniUtils;
import ai.irmb.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("engine")
class PyTorchEngineTest {
  @TempDir private Path folder = Path.of("");

  /** The JVM knows the processors of its container; PyTorch would count those of the host. */
  @Test
  void theEngineHasAsManyThreadsAsTheJvmHasProcessors() throws IOException, InterruptedException {
    assertEquals("threads 1", threads("-XX:ActiveProcessorCount=1"));
    assertEquals("threads 3", threads("-XX:ActiveProcessorCount=3"));
  }

  @Test
  void propertiesOfTheApplicationAreKept() throws IOException, InterruptedException {
    assertEquals(
        "threads 2", threads("-XX:ActiveProcessorCount=1", "-Dai.djl.pytorch.num_threads=2"));
  }

  private String threads(String... options) throws IOException, InterruptedException {
    ChildJvm.Result result = new ChildJvm(folder).options(options).run(Threads.class);
    assertEquals(0, result.code(), result.err());
    List<String> lines = result.out().lines().toList();
    return lines.get(lines.size() - 1);
  }

  /** Loads the engine as a detector does: in the background, and then on demand. */
  static final class Threads {
    private Threads() {}

    public static void main(String[] args) {
      PyTorchEngine.get().preload();
      PyTorchEngine.get().preload();
      PyTorchEngine.get().describe();
      PyTorchEngine.get().preload();
      System.out.println("threads " + JniUtils.getNumThreads());
    }
  }
}
