package ai.irmb.internal.execution;

import ai.irmb.internal.postprocess.CandidateFilter;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An execution that is opened by its first run, for cases that are rare. */
final class LazyExecution implements Execution {
  private final Supplier<Execution> source;
  private @Nullable Execution opened;

  LazyExecution(Supplier<Execution> source) {
    this.source = source;
  }

  @Override
  public List<ImageResult> run(Batch batch, CandidateFilter filter) {
    return opened().run(batch, filter);
  }

  private synchronized Execution opened() {
    Execution execution = opened;
    if (execution == null) {
      execution = source.get();
      opened = execution;
    }
    return execution;
  }

  @Override
  public synchronized void close() {
    if (opened != null) {
      opened.close();
    }
  }
}
