package ai.irmb.bench;

import ai.djl.pytorch.jni.JniUtils;
import ai.irmb.ExecutionMode;
import ai.irmb.Precision;
import ai.irmb.internal.block.BlockRegistry;
import ai.irmb.internal.checkpoint.CheckpointReader;
import ai.irmb.internal.engine.InferenceThreads;
import ai.irmb.internal.engine.PyTorchEngine;
import ai.irmb.internal.execution.Batch;
import ai.irmb.internal.execution.Execution;
import ai.irmb.internal.execution.ExecutionFactory;
import ai.irmb.internal.execution.ImageResult;
import ai.irmb.internal.network.Model;
import ai.irmb.internal.network.ModelAssembly;
import ai.irmb.internal.postprocess.CandidateFilter;
import ai.irmb.internal.postprocess.ScoredBoxes;
import ai.irmb.limit.Limits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** This library's network alone: bytes of letterboxed images in, rows that can be boxes out. */
final class Ours implements Contestant {
  private static final CandidateFilter FILTER = new CandidateFilter(0.25f, false, null);

  private final String name;
  private final Model model;
  private final Execution execution;
  private final Batch batch;
  private final InferenceThreads thread;

  Ours(Path weights, ExecutionMode mode, Precision numbers, Input input) {
    this(model(weights), "cpu", mode, numbers, input);
  }

  Ours(Model model, String device, ExecutionMode mode, Precision numbers, Input input) {
    this.name =
        "this library, "
            + mode.name().toLowerCase(Locale.ROOT)
            + ", "
            + numbers.name().toLowerCase(Locale.ROOT);
    this.model = model;
    this.execution = ExecutionFactory.open(model, device, numbers, mode, false);
    this.thread = PyTorchEngine.get().inferenceThreads(device, 1);
    this.batch = new Batch(input.direct(), input.count(), input.height(), input.width());
  }

  static Model model(Path weights) {
    return ModelAssembly.assemble(
        CheckpointReader.read(weights, Limits.DEFAULTS),
        null,
        BlockRegistry.standard(),
        Limits.DEFAULTS);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void run() {
    results();
  }

  private List<ImageResult> results() {
    return thread.run(() -> execution.run(batch, FILTER));
  }

  /** {@return where the time goes, by operator; the trace itself costs some too} */
  List<Operators.Share> operators(Path scratch, int passes) throws IOException {
    Path trace = scratch.resolve("trace.json");
    run();
    thread.run(
        () -> {
          JniUtils.startProfile(false, false, false);
          for (int i = 0; i < passes; i++) {
            execution.run(batch, FILTER);
          }
          JniUtils.stopProfile(trace.toString());
          return passes;
        });
    return Operators.of(trace, passes);
  }

  /** {@return what passes of the first image} */
  ScoredBoxes rows() {
    return results().get(0).candidates();
  }

  /** {@return the numbers of a row of the decoded head} */
  int columns() {
    return model.network().head().layout().valuesPerAnchor();
  }

  @Override
  public void close() {
    thread.close();
    execution.close();
  }
}
