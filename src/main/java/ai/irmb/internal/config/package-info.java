/**
 * Model YAMLs as typed, checked configs. Their meaning is that of {@code parse_model} in
 * Ultralytics YOLOv5 (<i>upstream</i>).
 *
 * <table>
 * <caption>Keys of the file</caption>
 * <tr><th>key</th><th>meaning</th><th>default</th></tr>
 * <tr><td>{@code nc}</td><td>number of classes</td><td>required</td></tr>
 * <tr><td>{@code depth_multiple}</td><td>repeats become max(round(n · d), 1)</td><td>required</td></tr>
 * <tr><td>{@code width_multiple}</td><td>channels become the next multiple of 8 of c · w</td><td>required</td></tr>
 * <tr><td>{@code anchors}</td><td>a list of w, h, w, h, … in pixels per level, or the number per level</td><td>required</td></tr>
 * <tr><td>{@code backbone}, {@code head}</td><td>layers: [from, number, module, arguments]</td><td>required</td></tr>
 * <tr><td>{@code activation}</td><td>activation of every Conv, such as {@code nn.ReLU()}</td><td>SiLU</td></tr>
 * <tr><td>{@code ch}</td><td>channels of the image</td><td>3</td></tr>
 * <tr><td>{@code bottleneck}</td><td>a key of this library: {@code standard} for upstream's, {@code irmb} for the one with an iRMB inside</td><td>decided by the weights</td></tr>
 * </table>
 */
@NullMarked
package ai.irmb.internal.config;

import org.jspecify.annotations.NullMarked;
