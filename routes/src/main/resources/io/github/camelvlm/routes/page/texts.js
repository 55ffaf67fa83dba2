// What the page says, in English and Chinese.

const TEXTS = {
  en: {
    skip: "Skip to the content",
    views: "Views",
    ask: "Ask",
    folder: "Folder",
    docs: "API",
    key: "Key",
    askTitle: "Ask about a picture",
    welcome: "What is in your picture?",
    welcomeMore: "Drop a picture here, paste one, or click one of these.",
    samples: "Samples to click",
    sample: "Ask about {0}",
    conversation: "Conversation",
    attached: "Pictures that go with the question",
    remove: "Remove {0}",
    question: "Your question",
    placeholder: "Describe this image.",
    describe: "Describe this image.",
    read: "Read the text in the image.",
    choose: "Pictures",
    photograph: "Photo",
    restart: "Start over",
    stop: "Stop",
    send: "Ask",
    note: "Enter asks, Shift + Enter begins a new line. Your pictures go to this server and nowhere else.",
    settings: "Settings",
    model: "Model",
    adapter: "{0} (adapter of {1})",
    noModels: "No model is told",
    modelNote: "up to {0} tokens of context",
    boxes: "Draw boxes",
    boxesNote: "around what the answer names, where the model tells places",
    noBoxes: "no boxes came with this answer",
    sampling: "Sampling",
    temperature: "Temperature",
    top_p: "Top p",
    top_k: "Top k",
    max_tokens: "Most tokens",
    seed: "Seed",
    repetition_penalty: "Repetition penalty",
    presence_penalty: "Presence penalty",
    byModel: "model’s own",
    system: "System message",
    schema: "JSON by a schema",
    schemaLabel: "JSON Schema that the answer must have",
    schemaExample: "Insert an example",
    schemaFault: "This is no JSON: {0}",
    schemaKind: "A JSON Schema is an object: begin with {",
    recipes: "The same request as code",
    copy: "Copy",
    copied: "Copied",
    copyAnswer: "Copy the answer",
    answering: "Answering …",
    you: "You asked:",
    answer: "Answer:",
    failed: "Failed:",
    tokens: "{0} + {1} tokens",
    firstToken: "first token {0} s",
    rate: "{0} tokens/s",
    stopped: "stopped",
    length: "cut at the most tokens",
    repetition: "cut where it repeats itself",
    nothing: "(no text)",
    unreachable: "The server cannot be reached: {0}",
    brokenOff: "The server broke the answer off",
    unreadable: "{0} cannot be read: {1}",
    keyTitle: "API key",
    keyNote: "This server answers only those who send one of its keys. This tab keeps it until you close it.",
    useKey: "Use this key",
    cancel: "Cancel",
    folderTitle: "The folder at work",
    folderOn: "Put pictures into {0}: they are described one after the other, and their captions appear here.",
    folderOff: "No folder is watched: the application runs with VLM_FOLDER=false.",
    folderNone: "No picture has come yet.",
    folderPrivate: "The folder is not shown here. {0}.",
    folderLost: "The folder cannot be looked at just now: {0}",
    done: "described",
    failures: "failed",
    inHand: "in hand",
    waiting: "waiting",
    lastMinute: "in the last minute",
    lastPictures: "The last pictures, the newest first",
    batches: "Files of requests",
    batchInHand: "{0} of {1} requests answered, {2} failed · begun {3}",
    documents: "Documents in hand",
    pagesInHand: "{0} of {1} pages answered",
    batchOver: "{1} requests answered, {2} failed · {3}",
    noThumbnail: "moved or changed since",
    noPreview: "no preview",
    rowMeta: "{0} + {1} tokens · {2} s · {3}",
  },
  zh: {
    skip: "跳到正文",
    views: "视图",
    ask: "提问",
    folder: "文件夹",
    docs: "API",
    key: "密钥",
    askTitle: "就图片提问",
    welcome: "您的图片里有什么？",
    welcomeMore: "把图片拖到这里、粘贴进来，或点击下面的示例。",
    samples: "可点击的示例",
    sample: "就 {0} 提问",
    conversation: "对话",
    attached: "随问题发送的图片",
    remove: "移除 {0}",
    question: "您的问题",
    placeholder: "描述这张图片。",
    describe: "描述这张图片。",
    read: "Read the text in the image.",
    choose: "图片",
    photograph: "拍照",
    restart: "重新开始",
    stop: "停止",
    send: "提问",
    note: "按 Enter 提问，Shift + Enter 换行。您的图片只发送到本服务器。",
    settings: "设置",
    model: "模型",
    adapter: "{0}（{1} 的适配器）",
    noModels: "没有可用的模型",
    modelNote: "上下文最多 {0} 个 token",
    boxes: "画出方框",
    boxesNote: "框出回答中提到的物体（若模型能给出位置）",
    noBoxes: "此回答没有附带方框",
    sampling: "采样",
    temperature: "温度",
    top_p: "Top p",
    top_k: "Top k",
    max_tokens: "最多 token 数",
    seed: "随机种子",
    repetition_penalty: "重复惩罚",
    presence_penalty: "存在惩罚",
    byModel: "模型默认",
    system: "系统消息",
    schema: "按模式输出 JSON",
    schemaLabel: "回答须符合的 JSON Schema",
    schemaExample: "插入示例",
    schemaFault: "这不是 JSON：{0}",
    schemaKind: "JSON Schema 是一个对象：请以 { 开头",
    recipes: "同一请求的代码",
    copy: "复制",
    copied: "已复制",
    copyAnswer: "复制回答",
    answering: "正在回答……",
    you: "您的提问：",
    answer: "回答：",
    failed: "失败：",
    tokens: "{0} + {1} 个 token",
    firstToken: "首个 token {0} 秒",
    rate: "{0} token/秒",
    stopped: "已停止",
    length: "达到 token 上限而截断",
    repetition: "因内容重复而截断",
    nothing: "（没有文字）",
    unreachable: "无法连接服务器：{0}",
    brokenOff: "服务器中断了回答",
    unreadable: "无法读取 {0}：{1}",
    keyTitle: "API 密钥",
    keyNote: "本服务器只回答持有密钥的请求。密钥仅保存在此标签页，关闭后即清除。",
    useKey: "使用此密钥",
    cancel: "取消",
    folderTitle: "文件夹处理情况",
    folderOn: "把图片放入 {0}：图片会依次得到描述，说明文字显示在这里。",
    folderOff: "没有监视文件夹：应用以 VLM_FOLDER=false 运行。",
    folderNone: "还没有图片。",
    folderPrivate: "此处不显示文件夹（需要在服务器上设置 API_KEY）：{0}",
    folderLost: "暂时无法查看文件夹：{0}",
    done: "已描述",
    failures: "失败",
    inHand: "处理中",
    waiting: "等待中",
    lastMinute: "最近一分钟",
    lastPictures: "最近的图片，最新的在前",
    batches: "请求文件",
    batchInHand: "已回答 {0} / {1} 个请求，{2} 个失败 · 开始于 {3}",
    documents: "正在处理的文档",
    pagesInHand: "已回答 {0} / {1} 页",
    batchOver: "已回答 {1} 个请求，{2} 个失败 · {3}",
    noThumbnail: "图片已移动或更改",
    noPreview: "无预览",
    rowMeta: "{0} + {1} 个 token · {2} 秒 · {3}",
  },
};

const KEPT = "camel-vlm.language";
let language = sessionStorage.getItem(KEPT) ?? (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");

/** A text in the language of the page, with {0}, {1} … filled in. */
export function text(key, ...values) {
  return TEXTS[language][key].replace(/\{(\d)\}/g, (place, index) => values[index] ?? "");
}

/** Writes a text into an element, where it changes with the language. */
export function say(target, key, ...values) {
  target.dataset.text = key;
  target.dataset.values = JSON.stringify(values);
  target.textContent = text(key, ...values);
  return target;
}

/** A number as the language writes it, with at most so many digits of a fraction. */
export function number(value, digits = 0) {
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
}

/** A time of day as the language writes it. */
export function time(date) {
  return new Intl.DateTimeFormat(language, { timeStyle: "medium" }).format(date);
}

/** Writes all texts of the page in its language. */
export function translate() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const each of document.querySelectorAll("[data-text]")) {
    each.textContent = text(each.dataset.text, ...JSON.parse(each.dataset.values ?? "[]"));
  }
  for (const each of document.querySelectorAll("[data-label]")) {
    each.setAttribute("aria-label", text(each.dataset.label, ...JSON.parse(each.dataset.values ?? "[]")));
  }
  for (const each of document.querySelectorAll("[data-placeholder]")) {
    each.placeholder = text(each.dataset.placeholder);
  }
}

/** Goes over to the other language, until the tab is closed. */
export function switchLanguage() {
  language = language === "zh" ? "en" : "zh";
  sessionStorage.setItem(KEPT, language);
  translate();
}

/** The name of the language that the page would change to. */
export function otherLanguage() {
  return language === "zh" ? { name: "English", code: "en" } : { name: "中文", code: "zh" };
}
