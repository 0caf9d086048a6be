package ai.irmb.internal.execution;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes threads that do not keep the JVM from ending. Safe for concurrent use. */
public final class DaemonThreads implements ThreadFactory {
  private final AtomicInteger count = new AtomicInteger();
  private final String name;

  /**
   * @param name of the threads; a number follows
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
