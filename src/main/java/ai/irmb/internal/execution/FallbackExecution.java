package ai.irmb.internal.execution;

import ai.irmb.internal.ops.torchscript.ScriptRefusedException;
import ai.irmb.internal.postprocess.CandidateFilter;
import ai.irmb.tensor.Shape;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs compiled, except for batches of the shapes whose programs the engine rejects: those run
 * eagerly. Each such shape is logged once.
 */
final class FallbackExecution implements Execution {
  private static final Logger LOG = LoggerFactory.getLogger(FallbackExecution.class);

  private final Execution compiled;
  private final Execution eager;
  private final Set<Shape> rejected = new HashSet<>();

  FallbackExecution(Execution compiled, Execution eager) {
    this.compiled = compiled;
    this.eager = eager;
  }

  @Override
  public List<ImageResult> run(Batch batch, CandidateFilter filter) {
    Shape shape = Shape.of(batch.count(), batch.height(), batch.width());
    if (isRejected(shape)) {
      return eager.run(batch, filter);
    }
    try {
      return compiled.run(batch, filter);
    } catch (ScriptRefusedException e) {
      reject(shape, e);
      return eager.run(batch, filter);
    }
  }

  private synchronized boolean isRejected(Shape shape) {
    return rejected.contains(shape);
  }

  private synchronized void reject(Shape shape, ScriptRefusedException refusal) {
    if (rejected.add(shape)) {
      LOG.warn("The engine rejects the program for {}; running it eagerly", shape, refusal);
    }
  }

  @Override
  public void close() {
    compiled.close();
    eager.close();
  }
}
