package ai.irmb.internal.engine;

import ai.irmb.internal.platform.Platform;
import com.sun.jna.Function;
import com.sun.jna.NativeLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Memory that was freed, but that glibc keeps for the next allocation. After the last detector has
 * been closed there may be none: docs/decisions/memory-per-thread.md has the measurement.
 */
final class FreedMemory {
  private static final Logger LOG = LoggerFactory.getLogger(FreedMemory.class);

  private FreedMemory() {}

  /** Returns it to the operating system. Does nothing with another C library. */
  static void returnToSystem() {
    if (!Platform.isLinux()) {
      return;
    }
    try {
      int returned =
          Function.getFunction("c", "malloc_trim").invokeInt(new Object[] {new NativeLong(0)});
      LOG.debug("malloc_trim: {}", returned);
    } catch (LinkageError e) {
      LOG.debug("The C library keeps the memory", e);
    }
  }
}
