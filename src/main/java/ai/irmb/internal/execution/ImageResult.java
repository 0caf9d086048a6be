package ai.irmb.internal.execution;

import ai.irmb.internal.postprocess.Prototypes;
import ai.irmb.internal.postprocess.ScoredBoxes;
import org.jspecify.annotations.Nullable;

/**
 * What a network says of one image, before suppression.
 *
 * @param candidates boxes x1 y1 x2 y2 in letterboxed pixels
 * @param prototypes of its masks, or null
 */
public record ImageResult(ScoredBoxes candidates, @Nullable Prototypes prototypes) {}
