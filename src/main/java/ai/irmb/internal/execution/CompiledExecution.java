package ai.irmb.internal.execution;

import ai.djl.Device;
import ai.irmb.error.InferenceException;
import ai.irmb.internal.block.Head.Outputs;
import ai.irmb.internal.engine.PyTorchEngine;
import ai.irmb.internal.network.Model;
import ai.irmb.internal.network.Network;
import ai.irmb.internal.ops.torchscript.CompiledNetwork;
import ai.irmb.internal.ops.torchscript.FilteredOutputs;
import ai.irmb.internal.ops.torchscript.HeadCandidates;
import ai.irmb.internal.ops.torchscript.ImageTensor;
import ai.irmb.internal.ops.torchscript.ScriptTarget;
import ai.irmb.internal.ops.torchscript.Symbol;
import ai.irmb.internal.postprocess.CandidateFilter;
import ai.irmb.internal.postprocess.HeadDecoder;
import ai.irmb.internal.postprocess.LevelCandidates;
import ai.irmb.internal.postprocess.Prototypes;
import ai.irmb.internal.postprocess.ScoredBoxes;
import ai.irmb.tensor.DType;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs the network as one generated program, which also selects the candidates. */
final class CompiledExecution implements Execution {
  /**
   * The pixels that a CPU processes at a time: two images of 640 x 640. Feature maps of more images
   * do not fit its caches, and above 32 MiB each of them gets new pages in every forward pass
   * (docs/decisions/batches-on-the-cpu.md).
   */
  private static final int MAX_PIXELS = 2 * 640 * 640;

  private final Model model;
  private final boolean isGpu;
  private final CompiledNetwork compiled;
  private final HeadDecoder decoder;

  CompiledExecution(Model model, ScriptTarget target) {
    this.model = model;
    this.isGpu = target.gpu() >= 0;
    this.compiled = open(model, target);
    this.decoder = ExecutionFactory.decoder(model);
  }

  /** {@return the model's network for a target; its first results are the head's levels} */
  static CompiledNetwork open(Model model, ScriptTarget target) {
    Device device = target.gpu() < 0 ? Device.cpu() : Device.gpu(target.gpu());
    Network network = model.network();
    return new CompiledNetwork(
        (ops, image) -> {
          Outputs<Symbol> outputs = network.forward(ops, image, (index, output, alive) -> {});
          List<Symbol> results = new ArrayList<>(outputs.levels());
          if (outputs.proto() != null) {
            results.add(outputs.proto());
          }
          return results;
        },
        Collections.nCopies(model.strides().size(), network.head().layout()),
        target,
        PyTorchEngine.get().newManager(device),
        PyTorchEngine.get().programLoader());
  }

  @Override
  public List<ImageResult> run(Batch batch, CandidateFilter filter) {
    int most = isGpu ? batch.count() : MAX_PIXELS / (batch.height() * batch.width());
    if (most >= batch.count()) {
      return runTogether(batch, filter);
    }
    return batch.split(Math.max(most, 1)).stream()
        .flatMap(part -> runTogether(part, filter).stream())
        .toList();
  }

  private List<ImageResult> runTogether(Batch batch, CandidateFilter filter) {
    Shape shape = Shape.of(batch.count(), batch.height(), batch.width(), 3);
    ImageTensor images = ImageTensor.interleaved(new HostTensor(DType.U8, shape, batch.pixels()));
    FilteredOutputs found;
    try {
      found = compiled.filteredOutputs(images, filter.confidence());
    } catch (InferenceException e) {
      throw new InferenceException(
          model.network().source() + ": " + e.getMessage() + ", on a batch of " + images.shape(),
          e);
    }
    if (!found.isFinite()) {
      throw new NonFiniteException();
    }
    List<LevelCandidates> levels = new ArrayList<>();
    for (int i = 0; i < found.heads().size(); i++) {
      HeadCandidates rows = found.heads().get(i);
      double stride = model.network().strides().get(i);
      levels.add(
          new LevelCandidates(
              rows.values(),
              rows.indices(),
              (int) (batch.height() / stride),
              (int) (batch.width() / stride)));
    }
    List<ScoredBoxes> candidates = decoder.candidates(levels, batch.count(), filter);
    HostTensor proto = found.maps().isEmpty() ? null : found.maps().get(0);
    List<ImageResult> results = new ArrayList<>();
    for (int i = 0; i < batch.count(); i++) {
      results.add(new ImageResult(candidates.get(i), prototypes(proto, i)));
    }
    return results;
  }

  private static @Nullable Prototypes prototypes(@Nullable HostTensor proto, int image) {
    if (proto == null) {
      return null;
    }
    float[] all = proto.toFloats();
    int each = all.length / (int) proto.shape().get(0);
    return new Prototypes(
        Arrays.copyOfRange(all, image * each, (image + 1) * each),
        (int) proto.shape().get(2),
        (int) proto.shape().get(3));
  }

  @Override
  public void close() {
    compiled.close();
  }
}
