package ai.irmb.internal.execution;

import ai.irmb.internal.postprocess.Prototypes;
import ai.irmb.internal.postprocess.ScoredBoxes;
import org.jspecify.annotations.Nullable;

/**
 * The candidates of one image, before NMS.
 *
 * @param candidates boxes x1 y1 x2 y2 in pixels of the letterboxed image
 * @param prototypes of the masks, or null
 */
public record ImageResult(ScoredBoxes candidates, @Nullable Prototypes prototypes) {}
