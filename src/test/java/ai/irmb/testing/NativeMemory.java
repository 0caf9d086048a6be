package ai.irmb.testing;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;

/** What the process holds outside the Java heap. */
public final class NativeMemory {
  private static final Path STATUS = Path.of("/proc/self/status");

  private NativeMemory() {}

  /** {@return the arrays that are alive in any manager of the process} */
  public static long liveArrays() {
    try (NDManager probe = NDManager.newBaseManager(ai.djl.Device.cpu(), "PyTorch")) {
      return arrays(probe.getParentManager());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  private static long arrays(NDManager manager) throws ReflectiveOperationException {
    Field field = BaseNDManager.class.getDeclaredField("resources");
    field.setAccessible(true);
    long count = 0;
    for (Object resource : ((Map<?, ?>) field.get(manager)).values()) {
      if (resource instanceof NDManager child) {
        count += arrays(child);
      } else if (resource instanceof NDArray) {
        count++;
      }
    }
    return count;
  }

  /**
   * {@return resident memory in bytes that is not the Java heap's, whose size is fixed in tests:
   * what the collector keeps beside it grows and shrinks with it, by more than any leak; the test
   * is skipped where the system does not tell}
   */
  public static long resident() throws IOException {
    Assumptions.assumeTrue(Files.exists(STATUS), "needs /proc");
    collect();
    return status("VmRSS:") - committedHeap();
  }

  /** {@return resident memory in bytes, the Java heap included} */
  public static long residentWithHeap() throws IOException {
    collect();
    return status("VmRSS:");
  }

  /** {@return the highest resident memory so far, heap included, in bytes} */
  public static long peak() throws IOException {
    return status("VmHWM:");
  }

  /** A collection only notes that a direct buffer is no longer used; another thread frees it. */
  private static void collect() {
    System.gc();
    long before;
    do {
      before = directBuffers();
      LockSupport.parkNanos(20_000_000);
    } while (directBuffers() < before);
  }

  private static long directBuffers() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  private static long committedHeap() {
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
  }

  private static long status(String key) throws IOException {
    return Files.readString(STATUS, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith(key))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
        .sum();
  }
}
