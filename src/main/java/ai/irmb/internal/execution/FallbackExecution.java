package ai.irmb.internal.execution;

import ai.irmb.internal.ops.torchscript.ScriptRefusedException;
import ai.irmb.internal.postprocess.CandidateFilter;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs compiled until the engine rejects a program, and eagerly from then on. The change is logged
 * once.
 */
final class FallbackExecution implements Execution {
  private static final Logger LOG = LoggerFactory.getLogger(FallbackExecution.class);

  private final Execution compiled;
  private final Supplier<Execution> eager;
  private @Nullable Execution replacement;

  FallbackExecution(Execution compiled, Supplier<Execution> eager) {
    this.compiled = compiled;
    this.eager = eager;
  }

  @Override
  public List<ImageResult> run(Batch batch, CandidateFilter filter) {
    Execution current = replacement();
    if (current != null) {
      return current.run(batch, filter);
    }
    try {
      return compiled.run(batch, filter);
    } catch (ScriptRefusedException e) {
      return fallBack(e).run(batch, filter);
    }
  }

  private synchronized @Nullable Execution replacement() {
    return replacement;
  }

  private synchronized Execution fallBack(ScriptRefusedException refusal) {
    Execution chosen = replacement;
    if (chosen == null) {
      LOG.warn("The engine rejects the compiled network; running it eagerly", refusal);
      chosen = eager.get();
      replacement = chosen;
    }
    return chosen;
  }

  @Override
  public synchronized void close() {
    compiled.close();
    if (replacement != null) {
      replacement.close();
    }
  }
}
