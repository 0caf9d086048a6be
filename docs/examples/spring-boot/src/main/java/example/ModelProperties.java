package example;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code irmb.*} of the application.
 *
 * @param weights the weights file
 * @param confidence the confidence threshold
 * @param pixels the maximum number of pixels of an image
 */
@ConfigurationProperties("irmb")
record ModelProperties(
    Path weights,
    @DefaultValue("0.25") double confidence,
    @DefaultValue("24000000") long pixels) {}
