package example;

import ai.irmb.error.ImageException;
import ai.irmb.error.InferenceException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * Converts exceptions to {@code application/problem+json}. A client gets the message about its
 * image, but no details of a failure of the service. The base class handles Spring's exceptions,
 * such as an upload that is too large.
 */
@RestControllerAdvice
class Problems extends ResponseEntityExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

  @ExceptionHandler
  ProblemDetail badImage(ImageException e) {
    ProblemDetail problem =
        ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, e.getMessage());
    problem.setTitle("Unusable image");
    return problem;
  }

  @ExceptionHandler
  ProblemDetail inferenceFailed(InferenceException e) {
    LOG.error("Inference failed", e);
    return ProblemDetail.forStatusAndDetail(
        HttpStatus.INTERNAL_SERVER_ERROR, "Inference failed.");
  }
}
