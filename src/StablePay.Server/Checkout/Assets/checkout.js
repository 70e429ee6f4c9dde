// Copy, countdown, live status. The page works without it; with it nothing has to be reloaded by hand.
// It writes text only, never markup, and it never shows money: another state is drawn by the server.
(() => {
  "use strict";
  const main = document.getElementById("main");
  const live = document.getElementById("live");
  const facts = main.dataset;
  const chinese = document.documentElement.lang.startsWith("zh");
  const skew = Number(facts.now) - Date.now();
  const now = () => Date.now() + skew;
  const say = text => { live.textContent = text; };
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => name in values ? values[name] : all);
  const grouped = number => String(number).replace(/\B(?=(\d{3})+$)/g, ",");

  // ---- the reader's own time zone
  const two = number => String(number).padStart(2, "0");
  const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  for (const time of document.querySelectorAll("time[data-form]")) {
    const at = new Date(time.dateTime);
    const minute = two(at.getHours()) + ":" + two(at.getMinutes());
    const [year, month, day] = [at.getFullYear(), at.getMonth(), at.getDate()];
    const date = chinese ? `${year}年${month + 1}月${day}日 ` : `${day} ${months[month]} ${year}, `;
    time.textContent = { full: date + minute, minute, second: minute + ":" + two(at.getSeconds()) }[time.dataset.form];
  }

  // ---- copy
  const copy = async text => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without TLS there is no clipboard API; the old command still works.
      const field = document.createElement("textarea");
      field.value = text;
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
  };
  for (const button of document.querySelectorAll("[data-copy]")) {
    const label = button.querySelector("span");
    const before = label.textContent;
    let timer = 0;
    button.addEventListener("click", async () => {
      await copy(button.dataset.copy || location.origin + location.pathname);
      button.setAttribute("data-copied", "");
      label.textContent = button.dataset.done;
      say(button.dataset.said);
      clearTimeout(timer);
      timer = setTimeout(() => { button.removeAttribute("data-copied"); label.textContent = before; }, 2000);
    });
  }
  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());

  // ---- the page again, drawn by the server
  let leaving = false;
  const again = () => {
    if (leaving) return;
    leaving = true;
    location.replace(location.href.split("#")[0]);
  };

  // ---- countdown and heartbeat, once a second
  const timer = document.getElementById("timer");
  const block = document.getElementById("block");
  let said = Infinity;
  const tick = () => {
    if (timer) {
      const left = Math.max(0, Math.floor((Number(facts.expires) - now()) / 1000));
      timer.textContent = Math.floor(left / 60) + ":" + two(left % 60);
      if (left < 300) timer.closest(".timer").dataset.tone = "warn";
      for (const [seconds, text] of [[300, timer.dataset.five], [60, timer.dataset.one]]) {
        if (left <= seconds && left > seconds - 5 && said > seconds) {
          said = seconds;
          say(text);
        }
      }
      // A second later the server agrees that the time is over: a stale address must not stay on the screen.
      if (left === 0 && now() - Number(facts.expires) > 1000) again();
    }
    if (block) {
      const seconds = Math.max(0, Math.round((now() - Number(block.dataset.read)) / 1000));
      block.textContent = fill(block.dataset.text, { block: grouped(block.dataset.block), seconds: grouped(seconds) });
    }
  };
  tick();
  setInterval(tick, 1000);

  // ---- live status
  const bar = document.getElementById("confirmations");
  const count = document.getElementById("count");
  const left = document.getElementById("left");
  let quarter = bar ? Math.floor(bar.value / bar.max * 4) : 0;
  const confirmations = status => {
    if (!bar || !status.confirmations_required) return;
    const done = Math.min(status.confirmations, status.confirmations_required);
    bar.value = done;
    count.textContent = fill(count.dataset.text, { done: grouped(done), required: grouped(status.confirmations_required) });
    const seconds = Math.max(1, status.confirmations_required - done) * Number(left.dataset.blockMs) / 1000;
    left.textContent = seconds < 90
      ? fill(left.dataset.seconds, { n: Math.ceil(seconds) })
      : fill(left.dataset.minutes, { n: Math.round(seconds / 60) });
    const reached = Math.floor(done / bar.max * 4);
    if (reached > quarter) {
      quarter = reached;
      say(count.textContent);
    }
  };
  const apply = status => {
    if (status.state !== facts.state || String(status.version) !== facts.version) return again();
    // A shop's test clock was moved: the countdown and what it means are drawn anew.
    if (facts.clock && String(status.clock_ms) !== facts.clock) return again();
    const watch = document.getElementById("watch");
    if (watch && status.is_behind !== watch.hasAttribute("data-tone")) return again();
    // What is final and waits for a second source has no bar any more.
    if (bar && status.is_held) return again();
    if (block && status.last_block !== null) {
      block.dataset.block = status.last_block;
      block.dataset.read = status.read_at_ms;
    }
    confirmations(status);
  };

  const offline = document.getElementById("offline");
  const reached = isReached => {
    if (!offline || offline.hidden === isReached) return;
    offline.hidden = isReached;
    if (!isReached) say(offline.textContent.trim());
  };
  const ask = async () => {
    try {
      const answer = await fetch(facts.status, { cache: "no-store" });
      if (!answer.ok) throw new Error(String(answer.status));
      reached(true);
      apply(await answer.json());
    } catch {
      reached(false);
    }
  };
  let stream = null;
  let wait = 2000;
  const follow = () => {
    stream = new EventSource(facts.events);
    stream.onmessage = event => {
      wait = 2000;
      reached(true);
      apply(JSON.parse(event.data));
    };
    stream.onerror = () => {
      // Browsers give up after an HTTP error; we do not, but ask ever more seldom.
      stream.close();
      if (leaving) return;
      ask();
      setTimeout(follow, wait);
      wait = Math.min(wait * 2, 30000);
    };
  };
  if (facts.events) follow();
  else if (facts.status) setInterval(() => { if (!document.hidden) ask(); }, 60000);
  if (facts.status) {
    document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
    addEventListener("online", ask);
    addEventListener("offline", () => reached(false));
  }
  addEventListener("pageshow", event => { if (event.persisted) again(); });
  addEventListener("pagehide", () => { leaving = true; if (stream) stream.close(); });

  // ---- links into wallets: one that opens nothing says nothing either, so the page does
  const unopened = document.getElementById("unopened");
  for (const link of document.querySelectorAll("#links a[data-wallet]")) {
    link.addEventListener("click", () => {
      setTimeout(() => {
        if (document.hidden) return;
        const values = { wallet: link.dataset.wallet };
        const install = unopened.querySelector("a");
        unopened.querySelector("b").textContent = fill(unopened.dataset.title, values);
        install.textContent = fill(unopened.dataset.install, values);
        install.href = link.dataset.install;
        unopened.hidden = false;
        say(unopened.querySelector("b").textContent);
      }, 1500);
    });
  }

  // ---- wallets in this browser: they announce themselves; what speaks to them is loaded on the press
  const box = document.getElementById("wallets");
  if (!box) return;
  const found = new Map();
  const add = (key, info, provider) => {
    found.set(key, { info, provider });
    box.hidden = false;
    // Inside a wallet's own browser there is no wallet to open.
    const links = document.getElementById("links");
    if (links) links.hidden = true;
  };
  const announced = standard => {
    addEventListener(standard + ":announceProvider", event => {
      const { info, provider } = event.detail || {};
      if (info && provider) add(info.uuid, info, provider);
    });
    dispatchEvent(new Event(standard + ":requestProvider"));
  };
  // Wallets older than the events put one object into the window; it may come a little later than the page.
  const injected = objects => setTimeout(() => {
    if (found.size > 0) return;
    const provider = objects().find(o => o && typeof o.request === "function");
    if (provider) add("", { name: "", isOlder: provider !== window.tron }, provider);
  }, 500);
  const seek = {
    // EIP-6963
    evm() {
      announced("eip6963");
      injected(() => [window.ethereum]);
    },
    // TIP-6963; its providers speak TIP-1193, as window.tron does
    tron() {
      announced("TIP6963");
      injected(() => [window.tron, window.tronLink, (window.okxwallet || {}).tronLink, (window.bybitWallet || {}).tronLink]);
    },
    // Wallet Standard
    solana() {
      const register = (...wallets) => {
        for (const wallet of wallets) {
          const can = Object.keys(wallet.features || {});
          const pays = can.includes("solana:signAndSendTransaction") || can.includes("solana:signTransaction");
          if (pays && can.includes("standard:connect") && (wallet.chains || []).includes(box.dataset.chain))
            add(wallet.name, wallet, wallet);
        }
        return () => {};
      };
      const api = Object.freeze({ register });
      addEventListener("wallet-standard:register-wallet", event => event.detail(api));
      dispatchEvent(new CustomEvent("wallet-standard:app-ready", { detail: api }));
    },
  };
  seek[box.dataset.family]();
  document.getElementById("wallet").addEventListener("click", async () => {
    const wallet = await import(box.dataset.module);
    await wallet.start([...found.values()], { box, say, facts, again });
  });
})();
