package ai.irmb.internal.execution;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what a pass has used with its thread for the next one, so that the system need not take
 * thousands of pages away and give them again, zeroed, in each pass: a tenth of yolov5s's time.
 *
 * <p>The C library of most Linuxes serves each thread from areas of 64 MiB and gives an area back
 * once nothing in it is used. A small array that stays at the start of each keeps it, address space
 * as long as no pass has written there. Larger blocks come from such areas only after one of their
 * size was given back, so that one is. With another C library nothing is gained or lost.
 */
final class RetainedMemory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RetainedMemory.class);
  private static final boolean IS_LINUX = "Linux".equals(System.getProperty("os.name"));
  private static final Path OVERCOMMIT = Path.of("/proc/sys/vm/overcommit_memory");
  private static final long MIB = 1 << 20;

  /** More than what is left of an area, so that it opens the next one. */
  private static final long KEPT = 3 * MIB;

  /** Two of them and what is kept fill an area. */
  private static final long HALF = 30 * MIB;

  /** The largest that areas ever serve is 32 MiB with what the C library notes beside it. */
  private static final long LARGEST = 32 * MIB - (1 << 14);

  /** As much as two images of 640 x 640 need at once in yolov5s, and half as much again. */
  private static final int AREAS = 6;

  private final List<NDArray> kept = new ArrayList<>();

  private RetainedMemory() {}

  /** {@return what keeps the calling thread's memory until it is closed, on that thread} */
  static RetainedMemory ofThisThread() {
    RetainedMemory memory = new RetainedMemory();
    if (IS_LINUX && !countsAddresses()) {
      try (NDManager passing = EngineRuntime.newManager("cpu")) {
        memory.take(passing);
      } catch (EngineException e) {
        LOG.debug("Passes get new memory each time", e);
      }
    }
    return memory;
  }

  /** {@return whether the system sets memory aside for addresses that nobody has written to} */
  private static boolean countsAddresses() {
    try {
      return Files.readString(OVERCOMMIT).strip().equals("2");
    } catch (IOException e) {
      return false;
    }
  }

  private void take(NDManager passing) {
    block(passing, LARGEST).close();
    for (int i = 0; i < AREAS; i++) {
      NDArray stays = block(passing, KEPT);
      stays.detach();
      kept.add(stays);
      block(passing, HALF);
      block(passing, HALF);
    }
  }

  /** Memory that nobody writes to takes no place. */
  private static NDArray block(NDManager manager, long bytes) {
    return manager.create(new Shape(bytes), DataType.UINT8);
  }

  @Override
  public void close() {
    kept.forEach(NDArray::close);
  }
}
