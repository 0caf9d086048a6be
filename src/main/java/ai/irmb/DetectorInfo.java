package ai.irmb;

import ai.irmb.internal.engine.PyTorchEngine;
import ai.irmb.internal.execution.ExecutionFactory;
import ai.irmb.internal.network.Model;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The facts about a detector: its model, and what it runs on. Immutable.
 *
 * @param weights the name of the weights, without a folder
 * @param names class names by class id
 * @param size the longer side that the model was trained at, in pixels; 640 if the checkpoint does
 *     not contain it
 * @param strides pixels between neighboring positions of the head's levels
 * @param parameters number of trained parameters
 * @param segments whether the model makes masks
 * @param attentionLayers layers that {@link Detector#attention} can show, from 0
 * @param engine the engine and its version: {@code PyTorch 2.7.1}
 * @param device {@code cpu} or {@code cuda:0}
 * @param precision floating-point type that the network computes in, never {@link Precision#AUTO}
 * @param execution execution mode
 */
public record DetectorInfo(
    String weights,
    Map<Integer, String> names,
    int size,
    List<Integer> strides,
    long parameters,
    boolean segments,
    List<Integer> attentionLayers,
    String engine,
    String device,
    Precision precision,
    ExecutionMode execution) {
  /** Copies the collections. */
  public DetectorInfo {
    names = Collections.unmodifiableMap(new LinkedHashMap<>(names));
    strides = List.copyOf(strides);
    attentionLayers = List.copyOf(attentionLayers);
  }

  static DetectorInfo of(Model model, DetectorSettings settings) {
    PyTorchEngine engine = PyTorchEngine.get();
    return new DetectorInfo(
        model.network().source(),
        model.names(),
        model.defaultSize(),
        model.strides().stream().map(Double::intValue).toList(),
        model.parameters(),
        model.hasMasks(),
        model.network().attentionLayers(),
        engine.describe(),
        engine.deviceName(settings.device()),
        ExecutionFactory.precision(settings.device(), settings.precision(), settings.execution()),
        settings.execution());
  }

  /** {@return one line: {@code best.pt: 3 classes, 320 pixels, strides 8 16 32, …}} */
  @Override
  public String toString() {
    return String.format(
        "%s: %d classes%s, %d pixels, strides %s, %d parameters, %s on %s, %s",
        weights,
        names.size(),
        segments ? " with masks" : "",
        size,
        strides.stream().map(String::valueOf).collect(Collectors.joining(" ")),
        parameters,
        engine,
        device,
        precision.name().toLowerCase(Locale.ROOT));
  }
}
