package ai.irmb.execution;

import ai.irmb.postprocess.Prototypes;
import ai.irmb.postprocess.Rows;
import org.jspecify.annotations.Nullable;

/**
 * What a network says of one picture, before suppression.
 *
 * @param candidates boxes x1 y1 x2 y2 in letterboxed pixels
 * @param prototypes of its masks, or null
 */
public record PictureResult(Rows candidates, @Nullable Prototypes prototypes) {}
