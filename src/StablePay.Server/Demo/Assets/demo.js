// Shows webhooks as the shop receives them. Text only; without it the page reloads.
(() => {
  "use strict";
  const facts = document.getElementById("main").dataset;
  const two = number => String(number).padStart(2, "0");
  const clock = time => [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(":");
  for (const time of document.querySelectorAll("time[data-form=second]")) time.textContent = clock(new Date(time.dateTime));
  if (!facts.hooks) return;
  const list = document.getElementById("hooks");
  let leaving = false;
  const stream = new EventSource(facts.hooks);
  stream.onmessage = event => {
    const hook = JSON.parse(event.data);
    if (facts.order) {
      if (hook.order === facts.order) location.replace(location.href);
      return;
    }
    document.getElementById("none")?.remove();
    const item = document.createElement("li");
    item.dataset.tone = hook.tone;
    const type = document.createElement("b");
    type.textContent = hook.type;
    const line = document.createElement("p");
    line.textContent = [clock(new Date(hook.at)), hook.order, hook.verdict].filter(Boolean).join(" · ");
    item.append(type, line);
    list.prepend(item);
    while (list.children.length > 30) list.lastElementChild.remove();
    document.getElementById("live").textContent = hook.type + ", " + hook.verdict;
  };
  // What was missed while the line was down is on the page that the server draws.
  stream.onerror = () => { if (!leaving) stream.onopen = () => location.replace(location.href); };
  addEventListener("pagehide", () => { leaving = true; stream.close(); });
})();
