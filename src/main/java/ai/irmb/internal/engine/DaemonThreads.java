package ai.irmb.internal.engine;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes daemon threads with numbered names. Safe for concurrent use. */
public final class DaemonThreads implements ThreadFactory {
  private final AtomicInteger count = new AtomicInteger();
  private final String name;

  /**
   * @param name of the threads, without their number
   */
  public DaemonThreads(String name) {
    this.name = name;
  }

  @Override
  public Thread newThread(Runnable task) {
    Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }
}
