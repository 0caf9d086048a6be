package ai.irmb.internal.execution;

import ai.irmb.internal.ops.torchscript.ScriptRefusedException;
import ai.irmb.internal.postprocess.CandidateFilter;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compiled while the engine takes the programs; after its first refusal, said once, eager. */
final class FallbackExecution implements Execution {
  private static final Logger LOG = LoggerFactory.getLogger(FallbackExecution.class);

  private final Execution compiled;
  private final Supplier<Execution> eager;
  private @Nullable Execution instead;

  FallbackExecution(Execution compiled, Supplier<Execution> eager) {
    this.compiled = compiled;
    this.eager = eager;
  }

  @Override
  public List<ImageResult> run(Batch batch, CandidateFilter filter) {
    Execution current = instead();
    if (current != null) {
      return current.run(batch, filter);
    }
    try {
      return compiled.run(batch, filter);
    } catch (ScriptRefusedException e) {
      return fallBack(e).run(batch, filter);
    }
  }

  private synchronized @Nullable Execution instead() {
    return instead;
  }

  private synchronized Execution fallBack(ScriptRefusedException refusal) {
    Execution chosen = instead;
    if (chosen == null) {
      LOG.warn("The engine does not take the compiled network; running it eagerly", refusal);
      chosen = eager.get();
      instead = chosen;
    }
    return chosen;
  }

  @Override
  public synchronized void close() {
    compiled.close();
    if (instead != null) {
      instead.close();
    }
  }
}
