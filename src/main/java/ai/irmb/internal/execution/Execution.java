package ai.irmb.internal.execution;

import ai.irmb.internal.postprocess.CandidateFilter;
import java.util.List;

/** A network that is ready to run. Owns its weights on the device; safe for concurrent use. */
public interface Execution extends AutoCloseable {
  /**
   * {@return the candidates of each image, in order}
   *
   * @param filter selects the candidates
   * @throws ai.irmb.error.InferenceException if the engine fails
   */
  List<ImageResult> run(Batch batch, CandidateFilter filter);

  /** Releases the weights. A second call does nothing. */
  @Override
  void close();
}
