"""One small draft as page text in six languages."""

from __future__ import annotations

DRAFTS = {
    "en": """
Provisional agenda item 7

Guidelines on cities for people

I. Introduction

1. Cities change quickly, and so do the needs of those who live in
them.1 Nobody may be left behind.

1 See the report of last year.

HSP/HA.3/5

2

II. Guidelines

A. Thematic pillars

1. Shared prosperity

2. Prosperity is shared when everybody takes part in it.

(a) Principles

(a) Growth serves people.

(b) Services reach everybody.

(b) Actions

3. All stakeholders should work together in the open.

4. National governments, together with relevant stakeholders, are
encouraged to:

(a) Adopt a plan;

(b) Pay for it.

5. Local and regional governments are encouraged to:

(a) Carry out the plan.

6. Relevant stakeholders are encouraged to:

(a) Review the plan.

Annex

Glossary

Term Definition

Digital twin A copy of a thing that lives in a computer.
""",
    "fr": """
Point 7 de l'ordre du jour provisoire

Lignes directrices sur les villes pour tous

I. Introduction

1. Les villes changent vite, tout comme les besoins de celles et ceux qui
y vivent.1 Personne ne doit être laissé de côté.

1 Voir le rapport de l'an dernier.

HSP/HA.3/5

2

II. Lignes directrices

A. Piliers thématiques

1. Prospérité partagée

2. La prospérité est partagée quand chacun y prend part.

a) Principes

a) La croissance est au service des personnes.

b) Les services sont accessibles à tous.

b) Mesures

3. Toutes les parties prenantes devraient travailler ensemble.

4. Les administrations nationales, avec les parties prenantes concernées, sont
encouragées à :

a) Adopter un plan ;

b) Le financer.

5. Les administrations locales et régionales sont encouragées à :

a) Exécuter le plan.

6. Les parties prenantes concernées sont encouragées à :

a) Examiner le plan.

Annexe

Glossaire

Terme Définition

Jumeau numérique : copie d'une chose qui vit dans un ordinateur.
""",
    "es": """
Tema 7 del programa provisional

Directrices sobre ciudades para todas las personas

I. Introducción

1. Las ciudades cambian deprisa, y también las necesidades de quienes viven
en ellas.1 Nadie debe quedar atrás.

1 Véase el informe del año pasado.

HSP/HA.3/5

2

II. Directrices

A. Pilares temáticos

1. Prosperidad compartida

2. La prosperidad se comparte cuando todo el mundo participa en ella.

a) Principios

a) El crecimiento está al servicio de las personas.

b) Los servicios llegan a todas partes.

b) Acciones

3. Todos los interesados deberían trabajar juntos.

4. Se alienta a los gobiernos nacionales a que, con los interesados pertinentes:

a) Aprueben un plan;

b) Lo financien.

5. Se alienta a los gobiernos locales y regionales a que:

a) Ejecuten el plan.

6. Se alienta a los interesados pertinentes a que:

a) Examinen el plan.

Anexo

Glosario

Término Definición

Gemelo digital: copia de una cosa que vive en una computadora.
""",
    "ru": """
Пункт 7 предварительной повестки дня

Руководящие принципы о городах для людей

I. Введение

1. Города быстро меняются, как и потребности тех, кто в них
живет.1 Никто не должен быть забыт.

1 См. доклад за прошлый год.

HSP/HA.3/5

2

II. Руководящие принципы

A. Тематические компоненты

1. Всеобщее процветание

2. Процветание становится всеобщим, когда в нем участвуют все.

a) Принципы

a) Рост служит людям.

b) Услуги доступны всем.

b) Действия

3. Все заинтересованные стороны должны работать вместе.

4. Национальным правительствам вместе с соответствующими заинтересованными сторонами
рекомендуется:

a) принять план;

b) оплатить его.

5. Местным и региональным органам власти рекомендуется:

a) выполнить план.

6. Соответствующим заинтересованным сторонам рекомендуется:

a) проверить план.

Приложение

Глоссарий

Термин Определение

Цифровой двойник: копия вещи, которая живет в компьютере.
""",
    "ar": """
البند 7 من جدول الأعمال المؤقت

مبادئ توجيهية بشأن مدن من أجل الناس

أولا - مقدمة

1 - تتغير المدن بسرعة، وكذلك احتياجات من يعيشون
فيها.1 ولن يتخلف أحد عن الركب.

1 انظر تقرير العام الماضي.

HSP/HA.3/5

2

ثانيا - المبادئ التوجيهية

ألف - الركائز المواضيعية

1 - الازدهار المشترك

2 - يكون الازدهار مشتركا عندما يشارك فيه الجميع.

(أ) المبادئ

(أ) النمو في خدمة الناس.

(ب) الخدمات متاحة للجميع.

(ب) الإجراءات

3 - ينبغي لجميع أصحاب المصلحة أن يعملوا معا.

4 - تشجع الحكومات الوطنية، مع أصحاب المصلحة المعنيين، على ما يلي:

(أ) اعتماد خطة؛

(ب) تمويلها.

5 - تشجع الحكومات المحلية والإقليمية على ما يلي:

(أ) تنفيذ الخطة.

6 - يشجع أصحاب المصلحة المعنيون على ما يلي:

(أ) استعراض الخطة.

المرفق

مسرد المصطلحات

المصطلح التعريف

التوأم الرقمي: نسخة من شيء تعيش في حاسوب.
""",
    "zh-hans": """
临时议程项目 7

关于以人为本的城市的准则

一、 导言

1. 城市变化迅速，城市居民的需求也在迅速变化，因此需要共同努力满足这些需
求。1 不让任何人掉队。

1 见去年的报告。

HSP/HA.3/5

2

二、 准则

A. 专题支柱

1. 共同繁荣

2. 人人参与，才能共同繁荣。

(a) 原则

(a) 增长为人民服务。

(b) 人人享有服务。

(b) 行动

3. 所有利益攸关方都应公开地共同努力。

4. 鼓励各国政府与相关利益攸关方合作：

(a) 通过一项计划；

(b) 为计划供资。

5. 鼓励地方和区域政府：

(a) 执行计划。

6. 鼓励相关利益攸关方：

(a) 审查计划。

附件

词汇表

术语 定义

数字孪生 存在于计算机中的事物副本。
""",
}
