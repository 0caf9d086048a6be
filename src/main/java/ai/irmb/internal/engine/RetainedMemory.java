package ai.irmb.internal.engine;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.irmb.internal.platform.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the memory of a forward pass with its thread for the next one, so that the kernel need not
 * take thousands of pages away and hand them out again, zeroed, in every pass: a tenth of yolov5s's
 * time. docs/decisions/memory-per-thread.md has the measurement.
 *
 * <p>glibc serves each thread from heaps of 64 MiB and unmaps a heap once nothing in it is in use.
 * A small array at the start of each heap keeps it mapped; pages that no forward pass has written
 * to cost address space only. glibc takes larger blocks from such heaps only after a block of their
 * size was freed, so one is. With another C library this neither helps nor harms.
 */
final class RetainedMemory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RetainedMemory.class);
  private static final Path OVERCOMMIT = Path.of("/proc/sys/vm/overcommit_memory");
  private static final long MIB = 1 << 20;

  /** Larger than the rest of a heap, so that it opens the next one. */
  private static final long ANCHOR_BYTES = 3 * MIB;

  /** Two of these and an anchor fill a heap. */
  private static final long HALF_HEAP_BYTES = 30 * MIB;

  /** glibc's largest dynamic mmap threshold is 32 MiB, its own header included. */
  private static final long MAX_BLOCK_BYTES = 32 * MIB - (1 << 14);

  /** Holds 1.5 times what two images of 640 x 640 need at once in yolov5s. */
  private static final int HEAPS = 6;

  private final List<NDArray> anchors = new ArrayList<>();

  private RetainedMemory() {}

  /** Runs a task while the calling thread keeps its memory. */
  static void keepWhile(PyTorchEngine engine, Runnable task) {
    RetainedMemory memory = new RetainedMemory();
    if (Platform.isLinux() && !isOvercommitDisabled()) {
      try (NDManager scratch = engine.newManager("cpu")) {
        memory.reserve(scratch);
      } catch (EngineException e) {
        LOG.debug("Each forward pass will allocate new memory", e);
      }
    }
    try (memory) {
      task.run();
    }
  }

  /** {@return whether the kernel counts address space that nobody has written to} */
  private static boolean isOvercommitDisabled() {
    try {
      return Files.readString(OVERCOMMIT).strip().equals("2");
    } catch (IOException e) {
      return false;
    }
  }

  private void reserve(NDManager scratch) {
    newBlock(scratch, MAX_BLOCK_BYTES).close();
    for (int i = 0; i < HEAPS; i++) {
      NDArray anchor = newBlock(scratch, ANCHOR_BYTES);
      anchor.detach();
      anchors.add(anchor);
      newBlock(scratch, HALF_HEAP_BYTES);
      newBlock(scratch, HALF_HEAP_BYTES);
    }
  }

  /** {@return memory that is not written to, so that it takes no pages} */
  private static NDArray newBlock(NDManager manager, long bytes) {
    return manager.create(new Shape(bytes), DataType.UINT8);
  }

  @Override
  public void close() {
    anchors.forEach(NDArray::close);
  }
}
