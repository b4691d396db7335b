// The learning rate of an epoch: the schedules of nnlib/schedules.py, with their own values for what is not asked here.

export const rates = {
  constant: () => 1,
  StepLR: (epoch, span) => 0.1 ** Math.floor(epoch / span),
  CosineAnnealingLR: (epoch, span) => (1 + Math.cos((Math.PI * epoch) / span)) / 2,
  LinearLR: (epoch, span) => 1 / 3 + (1 - 1 / 3) * Math.min(epoch / span, 1),
};

// `span`: epochs of a step, of half a wave of the cosine, or of the warm-up.
export const rateAt = (schedule, rate, epoch, span) => rate * rates[schedule](epoch, span);
